using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Types, the most bytes first: share, bytes, objects, share, name. Fits 80 columns; names are cut in the middle.</summary>
internal sealed class TypeRows(IAnsiConsole console)
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int Gap = 2;
    private const string EstimateMark = "~";

    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(HeapByType heap, int most)
    {
        var shown = heap.Types.Take(most).ToList();
        WriteHeading(heap, shown);
        if (shown.Count == 0)
            return;
        var objects = shown.Select(type => Quantities.Count(type.Objects).Length).Append("objects".Length).Max() + Gap;
        console.Write(new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("bytes", BytesWidth, Palette.Dim).Spaces(1)
            .Right("objects", objects, Palette.Dim).Right("share", ShareWidth + 1, Palette.Dim).Spaces(Gap).Add("type", Palette.Dim));
        foreach (var type in shown)
            console.Write(Row(heap, type, objects));
        if (shown.Any(type => type.IsEstimate))
            console.Write(new StyledLine().Spaces(Indent)
                .Add($"{EstimateMark} at least: what this type allocates beside its instances is not known", Palette.Dim));
    }

    private void WriteHeading(HeapByType heap, List<TypeShare> shown)
    {
        var extent = shown.Count == heap.Types.Count
            ? $"all {Quantities.Count(shown.Count)}"
            : $"{Quantities.Count(shown.Count)} of {Quantities.Count(heap.Types.Count)}, "
                + $"{Quantities.Percent(heap.ShareOfBytes(shown.Sum(type => type.Bytes)))} of {Quantities.Bytes(heap.Bytes)}";
        console.Write(new StyledLine().Spaces(Indent).Add("Types", Palette.Heading).Spaces(2).Add(extent, Palette.Dim));
    }

    private StyledLine Row(HeapByType heap, TypeShare type, int objects)
    {
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Percent(heap.ShareOfBytes(type.Bytes)), ShareWidth)
            .Right(Quantities.Bytes(type.Bytes), BytesWidth, Palette.Figure)
            .Add(type.IsEstimate ? EstimateMark : " ", Palette.Dim)
            .Right(Quantities.Count(type.Objects), objects)
            .Right(Quantities.Percent(heap.ShareOfObjects(type.Objects)), ShareWidth + 1)
            .Spaces(Gap);
        var several = type.TypeObjects > 1 ? $" ({Quantities.Count(type.TypeObjects)} classes)" : "";
        var room = Math.Max(10, console.Profile.Width - line.Cells - several.Length);
        return line.Add(Names.CutMiddle(Names.Printable(type.Name), room, _glyphs)).Add(several, Palette.Dim);
    }
}
