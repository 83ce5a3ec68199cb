using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A command to type next, and what it tells.</summary>
internal static class NextStep
{
    /// <summary>Of a process that can be attached to; of a file the program is to be run again.</summary>
    public static void WriteRecording(IAnsiConsole console, HeapFacts facts, ShellOptions options, string what)
    {
        if (facts.Core is null && facts.Snapshot is null)
            Write(console, $"hognose attach {facts.Subject}{options}", what);
        else
            Write(console, $"hognose run{options} script.py", what);
    }

    public static void Write(IAnsiConsole console, ShellCommand command, string what) =>
        console.Write(new StyledLine { IsWhole = true }.Spaces(2).Left(command.ToString(), 30, Palette.Command).Spaces(2).Add(what, Palette.Dim));

    /// <summary>Where there are few: the first one is announced.</summary>
    /// <param name="command">Quoted already.</param>
    /// <param name="what">May be empty.</param>
    public static void WriteListed(IAnsiConsole console, bool isFirst, string command, string what = "")
    {
        var line = new StyledLine { IsWhole = true }.Spaces(2).Left(isFirst ? "Next" : "", 6, Palette.Dim).Add(command, Palette.Command);
        console.Write(what.Length == 0 ? line : line.Spaces(2).Add(what, Palette.Dim));
    }
}
