using System.Globalization;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>
/// Sites, heaviest first: a bar and the share, bytes, blocks, function, file:line, and below it the callers. Laid out by hand: a table
/// of Spectre wraps its cells, and a caller line must run across two columns.
/// </summary>
internal sealed class SiteTable(IAnsiConsole console, SiteNaming naming)
{
    private const int Indent = 2;
    private const int BarWidth = 10;
    private const int ShareWidth = 8;
    private const int BytesWidth = 12;
    private const int ErrorWidth = 9;
    private const int ProcessesWidth = 11;
    private const int Gap = 2;
    private const int WidthThatHasRoomForBars = 100;
    private const double MostOfIt = 0.95;
    private const double WorthTheCallers = 0.01;

    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(SiteRanking ranking)
    {
        var layout = LayoutOf(ranking);
        console.Write(Header(layout));
        foreach (var site in ranking.Sites)
        {
            console.Write(Row(site, ranking, layout));
            if ((site.Callers.Any(caller => IsWorthNaming(caller, site)) || NativeShare(site).Length > 0) && ranking.ShareOf(site) >= WorthTheCallers)
                console.Write(Callers(site, layout));
            if (site.Processes > 1 && ranking.ShareOf(site) >= WorthTheCallers)
                console.Write(Largest(site, layout));
            if (ranking.ShareOf(site) >= WorthTheCallers)
                SurvivorLines.Write(console, site, layout.Figures);
        }
    }

    private Layout LayoutOf(SiteRanking ranking)
    {
        var bar = console.Profile.Width >= WidthThatHasRoomForBars ? BarWidth : 0;
        var blocks = ranking.Sites.Select(site => Quantities.Count(site.Blocks).Length).Append("blocks".Length).Max() + Gap;
        var bytes = BytesWidth + (ranking.Sites.Any(site => site.BytesError > 0) ? ErrorWidth : 0);
        var processes = ranking.Sites.Any(site => site.Processes > 0) ? ProcessesWidth : 0;
        var figures = Indent + bar + ShareWidth + bytes + blocks + processes + Gap;
        var names = Math.Max(20, console.Profile.Width - figures);
        var widestFunction = ranking.Sites.Max(site => Names.Width(naming.Function(site)));
        var widestLocation = ranking.Sites.Max(site => Names.Width(naming.Location(site)));
        // Whoever needs less leaves the rest to the other; a place is needed whole more often than a name.
        var function = widestFunction + Gap + widestLocation <= names ? widestFunction
            : Math.Min(widestFunction, Math.Max(names * 2 / 5, names - Gap - widestLocation));
        var location = names - function - (function > 0 ? Gap : 0);
        return new Layout(bar, bytes, blocks, processes, figures, function, location);
    }

    private StyledLine Header(Layout layout) => new StyledLine()
        .Spaces(Indent + layout.Bar).Right("share", ShareWidth, Palette.Dim).Right("bytes", layout.Bytes, Palette.Dim)
        .Right("blocks", layout.Blocks, Palette.Dim).Right(layout.Processes > 0 ? "processes" : "", layout.Processes, Palette.Dim).Spaces(Gap)
        .Left(layout.Function > 0 ? "function" : "", layout.Function, Palette.Dim).Spaces(layout.Function > 0 ? Gap : 0)
        .Add(layout.Function > 0 ? "where" : naming.Kind, Palette.Dim);

    private StyledLine Row(Site site, SiteRanking ranking, Layout layout)
    {
        var share = ranking.ShareOf(site);
        var own = site.IsOwnCode;
        var line = new StyledLine().Spaces(Indent);
        if (layout.Bar > 0)
            line.Left(ShareBar.Of(share, BarWidth - 1, _glyphs), layout.Bar, Palette.Heap);
        line.Right(Quantities.Percent(share), ShareWidth).Right(Bytes(site, layout), layout.Bytes, Palette.Figure)
            .Right(Quantities.Count(site.Blocks), layout.Blocks).Right(layout.Processes > 0 ? Quantities.Count(site.Processes) : "", layout.Processes).Spaces(Gap);
        if (layout.Function > 0)
            line.Left(Names.CutFunction(naming.Function(site), layout.Function, _glyphs), layout.Function, own ? Palette.OwnCode : Style.Plain).Spaces(Gap);
        return line.Add(Names.CutLeft(naming.Location(site), layout.Location, _glyphs), own ? Style.Plain : Palette.Dim);
    }

    private StyledLine Callers(Site site, Layout layout)
    {
        var room = console.Profile.Width - layout.Figures;
        var native = NativeShare(site);
        var line = new StyledLine().Spaces(layout.Figures).Add(native, Palette.Dim);
        foreach (var caller in site.Callers.TakeWhile(caller => IsWorthNaming(caller, site)))
        {
            var share = (double)caller.Bytes / Math.Max(1, site.Bytes);
            var head = $"{_glyphs.From} {(share < MostOfIt ? $"{share * 100:0} % " : "")}{(caller.FramesBetween > 0 ? _glyphs.Ellipsis + " " : "")}";
            var left = room - (line.Cells - layout.Figures) - Names.Width(head);
            // The nearest caller is shown in any case, the next one when it fits whole.
            if (CallerText(caller, caller == site.Callers[0] && native.Length == 0 ? left : left - 1, mayCut: caller == site.Callers[0]) is not { } text)
                break;
            line.Add(caller == site.Callers[0] && native.Length == 0 ? "" : " ").Add(head + text, Palette.Dim);
        }
        return line;
    }

    /// <summary>Of a site with hundreds of ways to it the heaviest says nothing.</summary>
    private static bool IsWorthNaming(SiteCaller caller, Site site) => caller.Bytes >= site.Bytes * WorthTheCallers;

    private StyledLine Largest(Site site, Layout layout) => new StyledLine().Spaces(layout.Figures)
        .Add(Names.CutRight($"most in {site.LargestProcess.ToString(CultureInfo.InvariantCulture)}: {Quantities.Bytes(site.LargestBytes)}", console.Profile.Width - layout.Figures, _glyphs), Palette.Dim);

    private string Bytes(Site site, Layout layout) => layout.Bytes == BytesWidth
        ? Quantities.Bytes(site.Bytes)
        : _glyphs.Own($"≈ {Quantities.Bytes(site.Bytes)} ± {100.0 * site.BytesError / Math.Max(1, site.Bytes):0} %");

    private static string NativeShare(Site site)
    {
        var percent = Math.Round(100.0 * site.NativeBytes / Math.Max(1, site.Bytes));
        return percent == 0 ? "" : percent >= 100 ? "by C code" : $"{percent:0} % by C code";
    }

    /// <returns>null when it does not fit and may not be cut.</returns>
    private string? CallerText(SiteCaller caller, int room, bool mayCut)
    {
        const int ShortestName = 8;
        var location = naming.LocationOf(caller.Frame);
        if (caller.Frame.Function.Length == 0)
            return Names.Width(location) <= room ? location : mayCut ? Names.CutLeft(location, room, _glyphs) : null;
        var function = SiteNaming.FunctionName(caller.Frame);
        var rest = room - Names.Width(location) - 1;
        if (Names.Width(function) <= rest)
            return $"{function} {location}";
        if (!mayCut)
            return null;
        return rest >= ShortestName ? $"{Names.CutFunction(function, rest, _glyphs)} {location}" : Names.CutLeft(location, room, _glyphs);
    }

    private readonly record struct Layout(int Bar, int Bytes, int Blocks, int Processes, int Figures, int Function, int Location);
}
