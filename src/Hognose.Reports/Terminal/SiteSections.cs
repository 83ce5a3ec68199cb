using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A heading that says how much of the whole the table below it explains, and the table.</summary>
internal sealed class SiteSections(IAnsiConsole console, RecordingReportOptions options)
{
    private readonly SiteTable _table = new(console, new SiteNaming(options.CurrentDirectory, options.Grouping));

    public void Write(string title, string nothing, SiteRanking ranking)
    {
        console.WriteLine();
        if (ranking.Sites.Count == 0)
        {
            console.Write(new StyledLine().Spaces(2).Add(title, Palette.Heading).Spaces(2).Add(nothing, Palette.Dim));
            WriteModules(console, options);
            return;
        }
        console.Write(new StyledLine().Spaces(2).Add(title, Palette.Heading).Spaces(2).Add(Extent(ranking), Palette.Dim));
        WriteModules(console, options);
        _table.Write(ranking);
    }

    /// <summary>"10 of 1,322 lines, 91.2 % of 312.4 MiB".</summary>
    private string Extent(SiteRanking ranking)
    {
        var kind = RecordingWords.Name(options.Grouping);
        var total = Quantities.Bytes(ranking.TotalBytes);
        if (ranking.Sites.Count == ranking.SiteCount)
            return $"{Quantities.Count(ranking.SiteCount, kind)}, {total} in all";
        var shown = ranking.TotalBytes == 0 ? 0 : (double)ranking.Sites.Sum(site => site.Bytes) / ranking.TotalBytes;
        return $"{Quantities.Count(ranking.Sites.Count)} of {Quantities.Count(ranking.SiteCount, kind)}, {Quantities.Percent(shown)} of {total}";
    }

    public static void WriteModules(IAnsiConsole console, RecordingReportOptions options)
    {
        if (options.Modules.Count > 0)
            console.Write(new StyledLine().Spaces(2).Add(
                Names.CutRight(Names.Printable($"only what modules that fit {string.Join(" or ", options.Modules)} allocated themselves"), console.Profile.Width - 2, Glyphs.For(console)), Palette.Warning));
    }
}
