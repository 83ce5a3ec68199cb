using System.Globalization;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Whose heap it is, and for how long it stood still.</summary>
internal static class ProcessLines
{
    private const int Indent = 2;

    public static void Write(IAnsiConsole console, HeapFacts facts)
    {
        var glyphs = Glyphs.For(console);
        console.Write(new StyledLine().Spaces(Indent).Add(
            $"pid {facts.ProcessId} ({Names.Printable(facts.ProgramName)}), Python {Names.Printable(facts.PythonVersion)}, {Quantities.Count(facts.Threads, "thread")}"
            + (facts.Interpreters > 1 ? $", {facts.Interpreters} interpreters" : ""), Palette.Dim));
        if (facts.Snapshot is { } snapshot)
            console.Write(new StyledLine().Spaces(Indent).Add(
                string.Create(CultureInfo.InvariantCulture, $"Snapshot {Names.Printable(snapshot.Path)}, taken {snapshot.TakenAt:yyyy-MM-dd HH:mm:ss} UTC"), Palette.Dim));
        if (facts.Core is { } core)
            console.Write(new StyledLine().Spaces(Indent).Add($"{Ending(core)} ({Names.Printable(core.Path)}).", Palette.Dim));
        else
            WritePause(console, facts, glyphs);
    }

    private static string Ending(CoreFacts core) => core.Signal == 0 ? "From a core of the running process" : $"From a core made by {EndingWords.SignalName(core.Signal)}";

    private static void WritePause(IAnsiConsole console, HeapFacts facts, Glyphs glyphs)
    {
        if (facts.IsApproximate)
            console.Write(new StyledLine().Spaces(Indent).Add("The process ran on while it was read (--no-pause): all figures are approximate.", Palette.Warning));
        else
            WriteStop(console, facts, glyphs);
    }

    private static void WriteStop(IAnsiConsole console, HeapFacts facts, Glyphs glyphs) =>
        console.Write(new StyledLine().Spaces(Indent)
            .Add("The process stood still for ").Add(glyphs.Own(Quantities.Seconds((long)facts.Pause.TotalNanoseconds)), Palette.Figure)
            .Add(facts.Way == "fork" ? " while it forked" : facts.NotForked is { } reason ? $" while it was copied, for it could not be forked ({reason})" : "")
            .Add(facts.Stops > 1 ? $" in {facts.Stops} stops (a collection was under way)" : "").Add("."));
}
