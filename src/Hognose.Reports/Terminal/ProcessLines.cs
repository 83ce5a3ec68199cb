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
            $"pid {facts.ProcessId} ({Names.Printable(facts.ProgramName)}), Python {facts.PythonVersion}, {Quantities.Count(facts.Threads, "thread")}"
            + (facts.Interpreters > 1 ? $", {facts.Interpreters} interpreters" : ""), Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent)
            .Add("The process stood still for ").Add(glyphs.Own(Quantities.Seconds((long)facts.Pause.TotalNanoseconds)), Palette.Figure)
            .Add(facts.Stops > 1 ? $" in {facts.Stops} stops (a collection was under way)" : "").Add("."));
    }
}
