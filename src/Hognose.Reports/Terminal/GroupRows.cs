using System.Globalization;
using Hognose.Insights.Allocations;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Types, modules or size classes: share, bytes, retained bytes, objects, share, name. Fits 80 columns; names are cut in the middle.</summary>
internal sealed class GroupRows(IAnsiConsole console)
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int Gap = 2;
    private const string EstimateMark = "~";

    private readonly Glyphs _glyphs = Glyphs.For(console);
    private readonly SiteNaming _sites = new(CurrentFolder.Path, SiteGrouping.Line);

    public void Write(HeapGroups heap, int most)
    {
        var shown = heap.Groups.Take(most).ToList();
        WriteHeading(heap, shown);
        if (shown.Count == 0)
            return;
        var objects = shown.Select(group => Estimated(heap, Quantities.Count(group.Objects)).Length).Append("objects".Length).Max() + Gap;
        var hasRetained = shown.Any(group => group.Retained is not null);
        var heading = new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("bytes", BytesWidth, Palette.Dim).Spaces(1);
        if (hasRetained)
            heading.Right("retained", BytesWidth, Palette.Dim).Spaces(1);
        console.Write(heading
            .Right("objects", objects, Palette.Dim).Right("share", ShareWidth + 1, Palette.Dim).Spaces(Gap).Add(NameOf(heap.Selection.By), Palette.Dim));
        foreach (var group in shown)
        {
            console.Write(Row(heap, group, objects, hasRetained));
            if (group.TypesAtSite.Count > 0)
                WriteTypes(group);
        }
        WriteMarks(shown);
        if (shown.Any(group => group.TypesAtSite.Count > 0))
            foreach (var line in Names.Wrap($"Reused memory: {BirthWords.FreeLists}.", console.Profile.Width - Indent))
                console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
    }

    private static string NameOf(HeapGrouping by) => by switch
    {
        HeapGrouping.Module => "module of the type",
        HeapGrouping.Size => "size of one",
        HeapGrouping.Site => "allocated at",
        _ => "type",
    };

    private static string Plural(HeapGrouping by) => by switch
    {
        HeapGrouping.Module => "Modules",
        HeapGrouping.Size => "Sizes",
        HeapGrouping.Site => "Lines",
        _ => "Types",
    };

    private void WriteHeading(HeapGroups heap, List<HeapGroup> shown)
    {
        var extent = shown.Count == heap.Groups.Count && heap.Selection.IsAll
            ? $"all {Quantities.Count(shown.Count)}"
            : $"{Quantities.Count(shown.Count)} of {Quantities.Count(heap.Groups.Count)}, "
                + $"{Quantities.Percent(heap.ShareOfBytes(shown.Sum(group => group.Bytes)))} of {Quantities.Bytes(heap.AllBytes)}";
        console.Write(new StyledLine().Spaces(Indent).Add(Plural(heap.Selection.By), Palette.Heading).Spaces(2).Add(extent + Filter(heap.Selection), Palette.Dim));
        if (heap.Samples > 0)
            console.Write(new StyledLine().Spaces(Indent).Add($"estimated from {Quantities.Count(heap.Samples, "sample")}: what was allocated while it was recorded", Palette.Dim));
    }

    private static string Filter(HeapSelection selection) =>
        (selection.Types is null ? "" : $", types like {Names.Printable(selection.Types)}")
        + (selection.MinimumSize <= 0 ? "" : $", objects of {Quantities.Bytes(selection.MinimumSize)} or more");

    private StyledLine Row(HeapGroups heap, HeapGroup group, int objects, bool hasRetained)
    {
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Percent(heap.ShareOfBytes(group.Bytes)), ShareWidth)
            .Right(Estimated(heap, Quantities.Bytes(group.Bytes)), BytesWidth, Palette.Figure)
            .Add(group.IsEstimate ? EstimateMark : " ", Palette.Dim);
        if (hasRetained)
            line.Right(group.Retained is { } retained ? Quantities.Bytes(retained) : "", BytesWidth, Palette.Figure)
                .Add(group.IsRetainedAtLeast ? EstimateMark : " ", Palette.Dim);
        line.Right(Estimated(heap, Quantities.Count(group.Objects)), objects)
            .Right(Quantities.Percent(heap.ShareOfObjects(group.Objects)), ShareWidth + 1)
            .Spaces(Gap);
        var isByType = heap.Selection.By == HeapGrouping.Type;
        var several = isByType && group.Types > 1 ? $" ({Quantities.Count(group.Types)} classes)" : "";
        var name = heap.Selection.By switch
        {
            HeapGrouping.Size => SizeClass(group.Name),
            HeapGrouping.Site when group.Site is { } site => $"{_sites.LocationOf(site)} {SiteNaming.FunctionName(site)}",
            _ => Names.Printable(group.Name),
        };
        var room = Math.Max(10, console.Profile.Width - line.Cells - several.Length);
        return line.Add(Names.CutMiddle(name, room, _glyphs)).Add(several, Palette.Dim);
    }

    private string Estimated(HeapGroups heap, string figure) => heap.Samples > 0 ? _glyphs.Own($"≈ {figure}") : figure;

    /// <summary>"= 41,200 dict 9.8 MiB, 41,200 str 2.4 MiB", below the site.</summary>
    private void WriteTypes(HeapGroup group)
    {
        const int indent = Indent + ShareWidth + 1;
        const int most = 3;
        var text = string.Join(", ", group.TypesAtSite.Take(most).Select(type => $"{Quantities.Count(type.Objects)} {Names.Printable(type.Type)} {Quantities.Bytes(type.Bytes)}"));
        var head = "= ";
        foreach (var part in Names.Wrap(_glyphs.Own(group.Types > most ? $"{text}, …" : text), console.Profile.Width - indent - head.Length))
        {
            console.Write(new StyledLine().Spaces(indent).Add(head, Palette.Dim).Add(part, Palette.OwnCode));
            head = "  ";
        }
    }

    /// <summary>A power of two: the largest size of its class, which begins above the one before.</summary>
    private static string SizeClass(string largest)
    {
        var bytes = long.Parse(largest, CultureInfo.InvariantCulture);
        return bytes <= 1 ? "up to 1 byte" : $"up to {Quantities.Bytes(bytes)}";
    }

    private void WriteMarks(List<HeapGroup> shown)
    {
        if (shown.Any(group => group.IsEstimate))
            Mark("at least: what this type allocates beside its instances is not known");
        if (shown.Any(group => group.IsRetainedAtLeast))
            Mark("retained at least: what only several of them hold together is left out");
        if (shown.Any(group => group.Retained < group.Bytes))
            Mark("retained by what something holds: garbage among these objects retains nothing", " ");
    }

    private void Mark(string text, string mark = EstimateMark) => console.Write(new StyledLine().Spaces(Indent).Add($"{mark} {text}", Palette.Dim));
}
