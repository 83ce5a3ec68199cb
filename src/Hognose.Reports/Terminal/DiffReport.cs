using System.Globalization;
using Hognose.Insights.Growth;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What grew between snapshots: by who holds it, and by type.</summary>
public static class DiffReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int CountWidth = 12;
    private const int HolderStart = Indent + BytesWidth + CountWidth + 2;

    /// <param name="console">Written to.</param>
    /// <param name="heaps">Two, or three: then what is told appeared between the first two and stayed.</param>
    /// <param name="diff">Of them.</param>
    /// <param name="most">Rows of each table.</param>
    public static void Write(IAnsiConsole console, IReadOnlyList<HeapFacts> heaps, HeapDiff diff, int most)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add(Headline(heaps, diff), Palette.Figure));
        foreach (var heap in heaps)
            console.Write(new StyledLine().Spaces(Indent).Add(
                $"{Names.Printable(heap.Subject)}: pid {heap.ProcessId} ({Names.Printable(heap.ProgramName)}), Python {Names.Printable(heap.PythonVersion)}"
                + (heap.Snapshot?.TakenAt is { } moment ? string.Create(CultureInfo.InvariantCulture, $", {moment:yyyy-MM-dd HH:mm:ss} UTC") : ""), Palette.Dim));
        foreach (var line in Names.Wrap(Matching(diff), console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
        WriteHolders(console, diff, most);
        WriteTypes(console, diff, heaps.Count, most);
        console.WriteLine();
        if (diff.Holders.FirstOrDefault(holder => holder.Address != 0) is { } first)
            NextStep.Write(console, $"hognose why {heaps[^1].Subject} 0x{first.Address:x}", "every way to what grew the most");
        var shown = diff.Holders.Take(most).Select(holder => holder.Kind).ToHashSet();
        if (shown.Contains(GrowthKind.Code))
            NextStep.Write(console, $"hognose audit {heaps[^1].Subject}", "what C code holds");
        if (shown.Overlaps([GrowthKind.Garbage, GrowthKind.FrozenGarbage, GrowthKind.UncollectableGarbage]))
            NextStep.Write(console, $"hognose cycles {heaps[^1].Subject}", "what is garbage");
        NextStep.Write(console, $"hognose biggest {heaps[^1].Subject}", "what keeps the most alive");
    }

    private static string Headline(IReadOnlyList<HeapFacts> heaps, HeapDiff diff)
    {
        if (!diff.AreMatched)
            return $"{Quantities.Change(diff.Types.Sum(type => type.Bytes))}, {Quantities.ChangedCount(diff.Types.Sum(type => type.Objects))} objects";
        if (heaps.Count > 2)
            return $"{Quantities.Count(diff.NewObjects, "object")} of {Quantities.Bytes(diff.NewBytes)} appeared between the first two and stayed";
        return $"{Quantities.Count(diff.NewObjects, "new object")} of {Quantities.Bytes(diff.NewBytes)}; {Quantities.Count(diff.DeadObjects)} of {Quantities.Bytes(diff.DeadBytes)} are gone";
    }

    private static string Matching(HeapDiff diff) => diff.AreMatched
        ? "Objects are the same that have the same address and type: one that died and whose place another of its type took is not seen as new."
        : "These are different processes: counts can be compared, single objects cannot.";

    private static void WriteHolders(IAnsiConsole console, HeapDiff diff, int most)
    {
        if (diff.Holders.Count == 0)
            return;
        var glyphs = Glyphs.For(console);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Held by", Palette.Heading).Spaces(2).Add("what was there before; bytes are what its new objects retain", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("new bytes", BytesWidth, Palette.Dim).Right("new objects", CountWidth, Palette.Dim).Spaces(2).Add("holder", Palette.Dim));
        foreach (var holder in diff.Holders.Take(most))
        {
            var line = new StyledLine().Spaces(Indent)
                .Right(Quantities.Change(holder.Retained), BytesWidth, Palette.Figure).Right(Quantities.ChangedCount(holder.Objects), CountWidth).Spaces(2);
            var what = holder.Address == 0 ? holder.HeldBy : string.Create(CultureInfo.InvariantCulture, $"{holder.HeldBy}: {holder.Type}{Length(holder)}, 0x{holder.Address:x}{Largest(holder)}");
            foreach (var part in Names.Wrap(glyphs.Own(Names.Printable(what)), Math.Max(20, console.Profile.Width - HolderStart)))
            {
                console.Write(line.Add(part, Palette.OwnCode));
                line = new StyledLine().Spaces(HolderStart);
            }
        }
    }

    private static string Length(HolderGrowth holder) => holder.Length < 0 ? "" : $" of {Quantities.Count(holder.Length)}";

    /// <summary>A variable or an attribute has a name that says what grew; an item's place does not.</summary>
    private static string Largest(HolderGrowth holder) =>
        holder.Largest is { Reference: ['.', ..] } largest ? $"; {(holder.Objects == 1 ? "in" : "the most in")} {largest.Reference}: {largest.Type}" : "";

    private static void WriteTypes(IAnsiConsole console, HeapDiff diff, int heaps, int most)
    {
        var shown = diff.Types.Take(most).ToList();
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Types", Palette.Heading).Spaces(2).Add(
            $"{Quantities.Count(shown.Count)} of {Quantities.Count(diff.Types.Count)} that changed", Palette.Dim));
        var hasBoth = diff.AreMatched && heaps == 2;
        var head = new StyledLine().Spaces(Indent).Right("bytes", BytesWidth, Palette.Dim).Right("objects", CountWidth, Palette.Dim);
        console.Write((hasBoth ? head.Right("new", CountWidth, Palette.Dim).Right("gone", CountWidth, Palette.Dim) : head).Spaces(2).Add("type", Palette.Dim));
        foreach (var type in shown)
        {
            var line = new StyledLine().Spaces(Indent).Right(Quantities.Change(type.Bytes), BytesWidth, Palette.Figure).Right(Quantities.ChangedCount(type.Objects), CountWidth);
            if (hasBoth)
                line.Right(Quantities.Count(type.New), CountWidth).Right(Quantities.Count(type.Dead), CountWidth);
            console.Write(line.Spaces(2).Add(Names.Printable(type.Name)));
        }
    }
}
