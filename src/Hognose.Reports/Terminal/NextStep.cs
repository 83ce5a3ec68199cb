using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A command to type next, and what it tells.</summary>
internal static class NextStep
{
    public static void Write(IAnsiConsole console, ShellCommand command, string what) =>
        console.Write(new StyledLine().Spaces(2).Left(command.ToString(), 30, Palette.Command).Spaces(2).Add(what, Palette.Dim));
}
