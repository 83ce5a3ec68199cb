using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A row for each type, thread, size, allocator or slice of time; of threads also what they held and left.</summary>
internal sealed class SpreadTable(IAnsiConsole console, SpreadKind kind, IReadOnlyList<SpreadRow> rows, RecordingFacts facts)
{
    private const int ShareWidth = 8;
    private const int BytesWidth = 12;
    private const int Gap = 2;
    private const int WidthThatHasRoomForBars = 120;

    private readonly Glyphs _glyphs = Glyphs.For(console);
    private readonly long _total = Math.Max(1, rows.Sum(row => row.Bytes));
    private readonly long _largest = Math.Max(1, rows.Max(row => row.Bytes));
    private readonly int _blocksWidth = rows.Select(row => Quantities.Count(row.Blocks).Length).Append("objects".Length).Max() + Gap;
    private readonly int _barWidth = kind != SpreadKind.Thread ? 20 : console.Profile.Width >= WidthThatHasRoomForBars ? 10 : 0;
    private readonly IReadOnlyList<(string Head, Func<SpreadRow, long?> Of)> _more = kind == SpreadKind.Thread ? MoreOf(rows, facts) : [];

    public static string NameOf(SpreadKind kind) => kind switch
    {
        SpreadKind.Type => "type",
        SpreadKind.Thread => "thread",
        SpreadKind.Size => "size",
        SpreadKind.Time => "time",
        _ => "allocator",
    };

    public void Write(int count)
    {
        var head = new StyledLine().Spaces(2 + _barWidth).Right("share", ShareWidth, Palette.Dim).Right("bytes", BytesWidth, Palette.Dim).Right(kind == SpreadKind.Type ? "objects" : "blocks", _blocksWidth, Palette.Dim);
        foreach (var (name, _) in _more)
            head.Right(name, Math.Max(BytesWidth, name.Length + Gap), Palette.Dim);
        console.Write(head.Spaces(Gap).Add(kind switch { SpreadKind.Size => "bytes a block", SpreadKind.Time => "when", _ => NameOf(kind) }, Palette.Dim));
        foreach (var row in rows.Take(count))
            Write(row);
    }

    private void Write(SpreadRow row)
    {
        const int narrowest = 10;
        var line = new StyledLine().Spaces(2);
        if (_barWidth > 0)
            line.Left(ShareBar.Of((double)row.Bytes / _largest, _barWidth - 1, _glyphs), _barWidth, Palette.Heap);
        line.Right(Quantities.Percent((double)row.Bytes / _total), ShareWidth).Right(Quantities.Bytes(row.Bytes), BytesWidth, Palette.Figure).Right(IsCounted(row) ? Quantities.Count(row.Blocks) : "", _blocksWidth);
        foreach (var (name, of) in _more)
            line.Right(of(row) is { } bytes ? Quantities.Bytes(bytes) : "", Math.Max(BytesWidth, name.Length + Gap));
        console.Write(line.Spaces(Gap).Add(Names.CutMiddle(Names.Printable(row.Label), Math.Max(narrowest, console.Profile.Width - line.Cells - Gap), _glyphs)));
    }

    /// <summary>Blocks of memory that is no object are no objects.</summary>
    private bool IsCounted(SpreadRow row) => kind != SpreadKind.Type || row.Label != AllocationSpread.NoObject;

    private static List<(string Head, Func<SpreadRow, long?> Of)> MoreOf(IReadOnlyList<SpreadRow> rows, RecordingFacts facts)
    {
        var more = new List<(string Head, Func<SpreadRow, long?> Of)>();
        if (rows.Any(row => row.Usage is not null))
        {
            more.Add(("high water", row => row.Usage?.PeakBytes));
            more.Add((facts.Part.Length > 0 ? "alive then" : "at the end", row => row.Usage?.EndBytes));
        }
        // Of a program that never shut down that is what it held at its end.
        if (facts.SawTearDown && rows.Any(row => row.NeverFreedBytes is not null))
            more.Add(("never freed", row => row.NeverFreedBytes));
        return more;
    }
}
