using Hognose.Diagnostics;
using Hognose.Insights.Cycles;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Cycles by shape: those that a collection would free, and those that live.</summary>
public static class CyclesReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int CountWidth = 11;
    private const int Start = Indent + CountWidth + CountWidth + BytesWidth + 2;

    /// <param name="console">Written to.</param>
    /// <param name="facts">Whose heap it is.</param>
    /// <param name="cycles">All of them.</param>
    /// <param name="most">Shapes listed of each kind.</param>
    /// <param name="trouble">What could not be read.</param>
    public static void Write(IAnsiConsole console, HeapFacts facts, HeapCycles cycles, int most, DiagnosticBag trouble)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add(
            cycles.GarbageObjects == 0
                ? "No garbage: a collection would free nothing"
                : $"A collection would free {Quantities.Count(cycles.GarbageObjects, "object")}, {Quantities.Bytes(cycles.GarbageBytes)}", Palette.Figure));
        ProcessLines.Write(console, facts);
        WriteKept(console, cycles);
        WriteShapes(console, "Garbage", "frees", cycles.Garbage, cycles.GarbageCycles, most);
        WriteShapes(console, "Living cycles", "keep", cycles.Live, cycles.LiveCycles, most);
        console.WriteLine();
        foreach (var collector in cycles.Collectors)
            CollectorReport.WriteState(console, collector, cycles.Collectors.Count > 1);
        TroubleLines.Write(console, facts, trouble);
        if (cycles.Collectors.Count == 0 || trouble.Total > 0)
            console.WriteLine();
        if (cycles.Garbage.Count > 0)
            NextStep.Write(console, $"hognose refs {facts.Subject} 0x{cycles.Garbage[0].Example:x}", "what leads to one of the first, and from it");
        NextStep.Write(console, $"hognose biggest {facts.Subject}", "what keeps the most alive");
    }

    /// <summary>What is left by a collection, and why.</summary>
    private static void WriteKept(IAnsiConsole console, HeapCycles cycles)
    {
        if (cycles.SavesAll)
            Write("gc.DEBUG_SAVEALL is on: a collection frees nothing and puts what it finds into gc.garbage.");
        if (cycles.InGarbageList > 0)
            Write($"gc.garbage keeps {Quantities.Count(cycles.InGarbageList, "object")}: {(cycles.SavesAll ? "saved by DEBUG_SAVEALL" : "uncollectable, or saved by DEBUG_SAVEALL earlier")}.");
        foreach (var kept in cycles.Kept)
            Write($"Nothing leads to {Quantities.Count(kept.Objects, "more object")}, {Quantities.Bytes(kept.Bytes)}, and a collection would leave them: {GarbageWords.Remedy(kept)}.");

        void Write(string text)
        {
            foreach (var part in Names.Wrap(Glyphs.For(console).Own(text), Math.Max(20, console.Profile.Width - Indent)))
                console.Write(new StyledLine().Spaces(Indent).Add(part, Palette.Warning));
        }
    }

    private static void WriteShapes(IAnsiConsole console, string heading, string retained, IReadOnlyList<CycleShape> shapes, long cycles, int most)
    {
        if (shapes.Count == 0)
            return;
        var shown = shapes.Take(most).ToList();
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add(heading, Palette.Heading).Spaces(2).Add(
            $"{Quantities.Count(cycles, "cycle")}; {Quantities.Extent(shown.Count, shapes.Count, "kind")}", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent)
            .Right("cycles", CountWidth, Palette.Dim).Right("objects", CountWidth, Palette.Dim).Right(retained, BytesWidth, Palette.Dim)
            .Spaces(2).Add("round", Palette.Dim));
        foreach (var shape in shown)
            WriteShape(console, shape);
    }

    private static void WriteShape(IAnsiConsole console, CycleShape shape)
    {
        var glyphs = Glyphs.For(console);
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Count(shape.Cycles), CountWidth).Right(Quantities.Count(shape.Objects), CountWidth)
            .Right(Quantities.Bytes(shape.Retained), BytesWidth, Palette.Figure).Spaces(2);
        foreach (var part in Names.Wrap(glyphs.Own(Names.Printable(shape.Way)), Math.Max(20, console.Profile.Width - Start)))
        {
            console.Write(line.Add(part, Palette.OwnCode));
            line = new StyledLine().Spaces(Start);
        }
    }
}
