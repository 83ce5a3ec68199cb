using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Who holds the objects of one type, or one object.</summary>
public static class HoldersReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int Gap = 2;

    /// <param name="most">Ways listed.</param>
    public static void Write(IAnsiConsole console, HeapFacts facts, HoldersOfType holders, int most, DiagnosticBag trouble)
    {
        var shown = holders.Ways.Take(most).ToList();
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add(
            $"{Names.Printable(holders.Type)}: {Quantities.Count(holders.Objects, "object")}, {Quantities.Bytes(holders.Shallow)}{(holders.IsEstimate ? EstimateLines.Mark : "")} of their own", Palette.Figure));
        ProcessLines.Write(console, facts);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Held by", Palette.Heading).Spaces(2).Add(
            Quantities.Extent(shown.Count, holders.Ways.Count, "way"), Palette.Dim));
        var counts = shown.Select(way => Quantities.Count(way.Objects).Length).Append("objects".Length).Max() + Gap;
        console.Write(new StyledLine().Right("objects", counts + Indent, Palette.Dim).Right("retained", BytesWidth, Palette.Dim).Spaces(Gap).Add("way", Palette.Dim));
        foreach (var way in shown)
            WriteWay(console, way, counts);
        if (holders.WeakReferences > 0)
            console.Write(new StyledLine().Spaces(Indent).Add(
                $"{Quantities.Count(holders.WeakReferences, "weak reference")} {(holders.WeakReferences == 1 ? "leads" : "lead")} there, too, and {(holders.WeakReferences == 1 ? "holds" : "hold")} nothing", Palette.Dim));
        EstimateLines.Write(console, holders.Estimates, holders.IsEstimate || shown.Any(way => way.IsEstimate));
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        if (shown.Count < holders.Ways.Count)
            NextStep.Write(console, $"hognose why {facts.Subject} {holders.Type} --all", "every way");
        if (shown.Any(way => way.IsOfCode))
            NextStep.Write(console, $"hognose audit {facts.Subject}", "what C code holds, type by type");
        NextStep.Write(console, $"hognose biggest {facts.Subject}", "what keeps the most alive");
    }

    private static void WriteWay(IAnsiConsole console, WayOfHolding way, int counts)
    {
        var glyphs = Glyphs.For(console);
        var start = Indent + counts + BytesWidth + Gap;
        var isFirst = true;
        foreach (var part in Names.Wrap(glyphs.Own(Names.Printable(way.HeldBy)), Math.Max(20, console.Profile.Width - start)))
        {
            var line = new StyledLine();
            if (isFirst)
                line.Right(Quantities.Count(way.Objects), counts + Indent).Right(Quantities.Bytes(way.Retained), BytesWidth, Palette.Figure).Add(EstimateLines.MarkOf(way.IsEstimate), Palette.Dim).Spaces(Gap - 1);
            else
                line.Spaces(start);
            console.Write(line.Add(part, Palette.OwnCode));
            isFirst = false;
        }
        if (way.Birth is { } birth)
            foreach (var part in Names.Wrap(BirthWords.Of(birth, way.Objects, glyphs), Math.Max(20, console.Profile.Width - start)))
                console.Write(new StyledLine().Spaces(start).Add(part, Palette.Dim));
    }
}
