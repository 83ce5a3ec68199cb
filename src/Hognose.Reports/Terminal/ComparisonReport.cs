using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Two recordings beside each other: all measures of the whole, then the sites that grew and those that shrank.</summary>
public static class ComparisonReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int BlocksWidth = 13;
    private const int ErrorWidth = 14;
    private const int LabelWidth = 18;
    private const int WidthThatHasRoomForBlocks = 100;

    /// <param name="options">Its file is the one after the change.</param>
    /// <param name="fileBefore">The recording before the change.</param>
    public static void Write(IAnsiConsole console, RecordingComparison comparison, string fileBefore, RecordingReportOptions options)
    {
        console.WriteLine();
        WriteRecording(console, "before", fileBefore, comparison.FactsBefore);
        WriteRecording(console, "after", options.FileName ?? "", comparison.FactsAfter);
        SiteSections.WriteModules(console, options);
        console.WriteLine();
        WriteTotals(console, comparison);
        var naming = new SiteNaming(options.CurrentDirectory, comparison.Grouping);
        var told = comparison.Sites.Where(site => !site.IsWithinError(comparison.View)).ToList();
        var grown = told.Where(site => site.Growth(comparison.View) is { Bytes: > 0 } or { Bytes: 0, Blocks: > 0 }).ToList();
        var shrunk = told.AsEnumerable().Reverse().Where(site => site.Growth(comparison.View) is { Bytes: < 0 } or { Bytes: 0, Blocks: < 0 }).ToList();
        WriteSites(console, comparison, "Grew", grown, options.Sites, naming);
        WriteSites(console, comparison, "Shrank", shrunk, options.Sites, naming);
        WriteWithinError(console, comparison);
        WriteNextSteps(console, comparison, options, grown);
    }

    /// <summary>They are no news: samples of one program run twice differ as much.</summary>
    private static void WriteWithinError(IAnsiConsole console, RecordingComparison comparison)
    {
        var within = comparison.Sites.Where(site => site.IsWithinError(comparison.View) && site.Growth(comparison.View).Bytes != 0).ToList();
        if (within.Count == 0)
            return;
        console.WriteLine();
        var text = $"Left out: {Quantities.Count(within.Count, RecordingWords.Name(comparison.Grouping))} whose change ({Quantities.Change(within.Sum(site => site.Growth(comparison.View).Bytes))} in all) is within the error of samples.";
        foreach (var part in Names.Wrap(text, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(part, Palette.Dim));
    }

    private static void WriteRecording(IAnsiConsole console, string label, string file, RecordingFacts facts)
    {
        var glyphs = Glyphs.For(console);
        var text = $"{Names.Printable(file)}: Python {Names.Printable(facts.PythonVersion)}, {facts.StartedAt.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC, {EndingWords.Of(facts)}";
        console.Write(new StyledLine().Spaces(Indent).Left(label, 8, Palette.Dim).Add(Names.CutRight(text, console.Profile.Width - Indent - 8, glyphs)));
        if (facts.SampleBytes > 0)
            console.Write(new StyledLine().Spaces(Indent + 8).Add($"estimated from samples, one in {Quantities.Bytes(facts.SampleBytes)}", Palette.Dim));
    }

    private static void WriteTotals(IAnsiConsole console, RecordingComparison comparison)
    {
        var hasBlocks = console.Profile.Width >= WidthThatHasRoomForBlocks;
        var head = new StyledLine().Spaces(Indent + LabelWidth).Right("before", BytesWidth, Palette.Dim).Right("after", BytesWidth, Palette.Dim)
            .Right("change", BytesWidth, Palette.Dim).Right("", comparison.IsEstimate ? ErrorWidth : 0).Right("", 10);
        console.Write(hasBlocks ? head.Right("blocks", BlocksWidth, Palette.Dim) : head);
        foreach (var view in RecordingViews.ToldBy(comparison.FactsBefore).Intersect(RecordingViews.ToldBy(comparison.FactsAfter)))
        {
            var (before, after) = (comparison.Before(view), comparison.After(view));
            var line = new StyledLine().Spaces(Indent).Left(RecordingWords.Short(view), LabelWidth, view == comparison.View ? Palette.Heading : Style.Plain)
                .Right(Quantities.Bytes(before.Bytes), BytesWidth).Right(Quantities.Bytes(after.Bytes), BytesWidth)
                .Right(Quantities.Change(after.Bytes - before.Bytes), BytesWidth, Palette.Figure)
                .Right(Error(console, comparison.Error(view).Bytes), comparison.IsEstimate ? ErrorWidth : 0, Palette.Dim).Right(Share(before.Bytes, after.Bytes), 10);
            console.Write(hasBlocks ? line.Right(Quantities.ChangedCount(after.Blocks - before.Blocks), BlocksWidth) : line);
        }
    }

    private static string Error(IAnsiConsole console, long error) => error == 0 ? "" : Glyphs.For(console).Own($"± {Quantities.Bytes(error)}");

    private static string Share(long before, long after) => before == 0 ? "" : (after > before ? "+" : "") + Quantities.Percent((double)(after - before) / before);

    private static void WriteSites(IAnsiConsole console, RecordingComparison comparison, string title, List<SiteChange> sites, int most, SiteNaming naming)
    {
        var shown = sites.Take(most).ToList();
        console.WriteLine();
        var extent = sites.Count == 0 ? "nothing"
            : $"{(shown.Count < sites.Count ? $"{Quantities.Count(shown.Count)} of " : "")}{Quantities.Count(sites.Count, RecordingWords.Name(comparison.Grouping))}, {Quantities.Change(sites.Sum(site => site.Growth(comparison.View).Bytes))} in all";
        console.Write(new StyledLine().Spaces(Indent).Add($"{title}: {RecordingWords.Short(comparison.View).ToLowerInvariant()}", Palette.Heading).Spaces(2).Add(extent, Palette.Dim));
        if (sites.Count == 0)
            return;
        var hasBlocks = console.Profile.Width >= WidthThatHasRoomForBlocks;
        var head = new StyledLine().Spaces(Indent).Right("change", BytesWidth, Palette.Dim).Right("", comparison.IsEstimate ? ErrorWidth : 0).Right("before", BytesWidth, Palette.Dim).Right("after", BytesWidth, Palette.Dim);
        console.Write((hasBlocks ? head.Right("blocks", BlocksWidth, Palette.Dim) : head).Spaces(2).Add(RecordingWords.Name(comparison.Grouping), Palette.Dim));
        foreach (var site in shown)
            console.Write(Row(console, comparison, site, naming, hasBlocks));
    }

    private static StyledLine Row(IAnsiConsole console, RecordingComparison comparison, SiteChange site, SiteNaming naming, bool hasBlocks)
    {
        var glyphs = Glyphs.For(console);
        var growth = site.Growth(comparison.View);
        var line = new StyledLine().Spaces(Indent).Right(Quantities.Change(growth.Bytes), BytesWidth, Palette.Figure)
            .Right(Error(console, site.Error(comparison.View).Bytes), comparison.IsEstimate ? ErrorWidth : 0, Palette.Dim)
            .Right(site.IsNew ? "new" : Quantities.Bytes(comparison.View.Of(site.UsageBefore).Bytes), BytesWidth)
            .Right(site.IsGone ? "gone" : Quantities.Bytes(comparison.View.Of(site.UsageAfter).Bytes), BytesWidth);
        if (hasBlocks)
            line.Right(Quantities.ChangedCount(growth.Blocks), BlocksWidth);
        line.Spaces(2);
        var (function, location) = naming.Of(site.After ?? site.Before, site.Label);
        location += Was(site);
        var room = Math.Max(8, console.Profile.Width - line.Cells);
        if (function.Length > 0)
        {
            const int ShortestName = 12;
            function = Names.CutFunction(function, Math.Max(ShortestName, room - Names.Width(location) - 1), glyphs) + " ";
            room -= Names.Width(function);
        }
        return line.Add(function, site.IsOwnCode ? Palette.OwnCode : Style.Plain)
            .Add(Names.CutLeft(location, Math.Max(0, room), glyphs), site.IsOwnCode && function.Length > 0 ? Style.Plain : Palette.Dim);
    }

    private static string Was(SiteChange site) =>
        site.IsOfSeveralLines ? " (several lines)"
        : site is { Before: { Line: > 0 } before, After: { } after } && before.Line != after.Line ? FormattableString.Invariant($" (was :{before.Line})")
        : "";

    private static void WriteNextSteps(IAnsiConsole console, RecordingComparison comparison, RecordingReportOptions options, List<SiteChange> grown)
    {
        if (options.FileName is not { } file)
            return;
        console.WriteLine();
        if (grown.FirstOrDefault(site => site.After is { File.Length: > 0 })?.After is { } place)
            NextStep.Write(console, $"hognose lines {file} {place.File}", "the source of what grew the most");
        var view = new ShellOptions(comparison.View == RecordingView.HighWater ? "" : $" --{RecordingWords.Name(comparison.View)}");
        NextStep.Write(console, $"hognose show {file}{view} --tree", "through which calls it came");
    }
}
