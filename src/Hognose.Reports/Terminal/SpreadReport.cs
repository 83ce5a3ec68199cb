using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The blocks of a recording by type, thread, size, allocator or time.</summary>
public static class SpreadReport
{
    private const int BarWidth = 20;
    private const int ShareWidth = 8;
    private const int BytesWidth = 12;
    private const int Gap = 2;

    /// <param name="console">Where it goes.</param>
    /// <param name="recording">That is told of.</param>
    /// <param name="kind">By what.</param>
    /// <param name="rows">Not empty.</param>
    /// <param name="most">Rows to show; sizes and time are shown whole, as a histogram.</param>
    public static void Write(IAnsiConsole console, RecordingSummary recording, SpreadKind kind, IReadOnlyList<SpreadRow> rows, int most)
    {
        var glyphs = Glyphs.For(console);
        console.WriteLine();
        new ReportHeadline(console).Write(recording);
        console.WriteLine();
        var (total, largest) = (rows.Sum(row => row.Bytes), Math.Max(1, rows.Max(row => row.Bytes)));
        console.Write(new StyledLine().Spaces(2).Add(Title(kind), Palette.Heading)
            .Add($"  {Quantities.Bytes(total)} in {Quantities.Count(rows.Sum(row => row.Blocks), "block")}{(recording.Facts.SampleBytes > 0 ? ", estimated from samples" : "")}", Palette.Dim));
        var blocks = rows.Select(row => Quantities.Count(row.Blocks).Length).Append("blocks".Length).Max() + Gap;
        var tellsRest = rows.Any(row => row.NeverFreedBytes is not null);
        var head = new StyledLine().Spaces(2 + BarWidth).Right("share", ShareWidth, Palette.Dim).Right("bytes", BytesWidth, Palette.Dim).Right("blocks", blocks, Palette.Dim);
        console.Write((tellsRest ? head.Right("never freed", BytesWidth, Palette.Dim) : head).Spaces(Gap).Add(Word(kind), Palette.Dim));
        var shown = kind is SpreadKind.Size or SpreadKind.Time ? rows.Count : Math.Min(most, rows.Count);
        foreach (var row in rows.Take(shown))
        {
            var line = new StyledLine().Spaces(2)
                .Left(ShareBar.Of((double)row.Bytes / largest, BarWidth - 1, glyphs), BarWidth, Palette.Heap)
                .Right(Quantities.Percent((double)row.Bytes / Math.Max(1, total)), ShareWidth).Right(Quantities.Bytes(row.Bytes), BytesWidth, Palette.Figure)
                .Right(Quantities.Count(row.Blocks), blocks);
            if (tellsRest)
                line.Right(row.NeverFreedBytes is { } rest ? Quantities.Bytes(rest) : "", BytesWidth);
            console.Write(line.Spaces(Gap).Add(Names.CutMiddle(Names.Printable(row.Label), Math.Max(10, console.Profile.Width - line.Cells - Gap), glyphs)));
        }
        if (rows.Count > shown)
            console.Write(new StyledLine().Spaces(2).Add($"and {Quantities.Count(rows.Count - shown)} more: --sites {rows.Count}", Palette.Dim));
    }

    private static string Title(SpreadKind kind) => kind switch
    {
        SpreadKind.Type => "Held at the end, by type",
        SpreadKind.Thread => "Allocated in all, by thread",
        SpreadKind.Size => "Allocated in all, by size",
        SpreadKind.Time => "Allocated over time",
        _ => "Allocated in all, by allocator",
    };

    private static string Word(SpreadKind kind) => kind switch
    {
        SpreadKind.Type => "type",
        SpreadKind.Thread => "thread",
        SpreadKind.Size => "bytes a block",
        SpreadKind.Time => "when",
        _ => "allocator",
    };
}
