using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A family of processes: what they held together and each, who started whom, and which sites held it.</summary>
public static class FamilyReport
{
    private const int LabelWidth = 17;
    private const int FigureWidth = 12;

    /// <param name="console">To draw on.</param>
    /// <param name="family">What is told.</param>
    /// <param name="unread">Recordings that are missing in it, each with the reason.</param>
    /// <param name="options">Which tables.</param>
    public static void Write(IAnsiConsole console, RecordedFamily family, IReadOnlyList<string> unread, RecordingReportOptions options)
    {
        var facts = family.Together.Facts;
        console.WriteLine();
        WriteHead(console, family);
        WriteUnread(console, unread);
        if (facts.PeakBytes > 0)
        {
            console.WriteLine();
            new MemoryChart(console).Write(family.Together);
        }
        new FamilyProcesses(console).Write(family, options.Sites);
        WriteSites(console, family, options);
        WriteNextSteps(console, family, options);
    }

    /// <summary>What ran, and the figures of all processes.</summary>
    internal static void WriteHead(IAnsiConsole console, RecordedFamily family)
    {
        new ReportHeadline(console).WriteProgram(family.Together.Facts);
        console.WriteLine();
        WriteFigures(console, family);
    }

    private static void WriteFigures(IAnsiConsole console, RecordedFamily family)
    {
        var (facts, total) = (family.Together.Facts, family.Total);
        Figure(console, "High-water mark", facts.PeakBytes, true,
            $"of all together, at {Quantities.Seconds(facts.PeakNanoseconds)} of {Quantities.Seconds(facts.DurationNanoseconds)}, {Quantities.Count(family.OverTime.PeakProcesses, "process", "processes")} then; "
            + $"an estimate, from timelines{(family.SharesClock ? "" : " whose clocks agree to a millisecond or worse")}");
        Figure(console, "Each at its own", total.PeakBytes, facts.SampleBytes > 0, $"in {Quantities.Count(total.PeakBlocks, "block")}: the high-water marks of {Quantities.Count(facts.Processes, "process", "processes")} added up, which were not at the same time");
        Figure(console, ReportHeadline.EndLabel(facts), total.EndBytes, facts.SampleBytes > 0, $"in {Quantities.Count(total.EndBlocks, "block")}, {(facts.IsUntilEnd ? "each process at its own end" : "of all processes that ran then")}");
        if (facts.Part.Length > 0)
            Line(console, "Note", $"only a part of the recordings: {Names.Printable(facts.Part)}");
        Line(console, "Shared memory", "a block is counted once, in the process that allocated it: what a fork's child inherited is its parent's");
    }

    private static void WriteUnread(IAnsiConsole console, IReadOnlyList<string> unread)
    {
        const int most = 10;
        foreach (var reason in unread.Take(most))
            Line(console, "Note", $"not in it: {Names.Printable(reason)}", Palette.Warning);
        if (unread.Count > most)
            Line(console, "Note", $"not in it: {Quantities.Count(unread.Count - most)} more recordings, {Quantities.Count(unread.Count)} in all", Palette.Warning);
    }

    private static void WriteSites(IAnsiConsole console, RecordedFamily family, RecordingReportOptions options)
    {
        var sections = new SiteSections(console, options);
        foreach (var view in options.View is { } one ? (ReadOnlySpan<RecordingView>)[one] : [RecordingView.HighWater, RecordingView.Leaks])
            sections.Write(
                RecordingWords.Heading(view, ReportHeadline.EndLabel(family.Together.Facts), family.Together.Facts.Processes),
                RecordingWords.Nothing(view),
                family.Rank(view, options.Grouping, options.Sites));
    }

    private static void WriteNextSteps(IAnsiConsole console, RecordedFamily family, RecordingReportOptions options)
    {
        if (options.Recordings is null)
            return;
        console.WriteLine();
        var next = options.Grouping == SiteGrouping.Line ? "--by function" : "--by line --sites 30";
        NextStep.WriteListed(console, isFirst: true, options.ShowAgain(next));
        var largest = family.Processes.MaxBy(process => process.Facts.PeakBytes)!;
        NextStep.WriteListed(console, isFirst: false, $"hognose show {Names.ShellWord(largest.File)}", "the largest process");
    }

    private static void Figure(IAnsiConsole console, string label, long bytes, bool isEstimate, string rest)
    {
        var glyphs = Glyphs.For(console);
        var figure = Quantities.Bytes(bytes);
        var room = console.Profile.Width - 2 - LabelWidth - FigureWidth - 2;
        var lines = Names.Wrap(rest, room).ToList();
        console.Write(new StyledLine().Spaces(2).Left(label, LabelWidth).Right(isEstimate ? glyphs.Own($"≈ {figure}") : figure, FigureWidth, Palette.Figure).Spaces(2).Add(glyphs.Own(lines[0]), Palette.Dim));
        foreach (var line in lines.Skip(1))
            console.Write(new StyledLine().Spaces(2 + LabelWidth + FigureWidth + 2).Add(glyphs.Own(line), Palette.Dim));
    }

    private static void Line(IAnsiConsole console, string label, string text, Style? style = null)
    {
        foreach (var part in Names.Wrap(text, console.Profile.Width - LabelWidth - 2))
        {
            console.Write(new StyledLine().Spaces(2).Left(label, LabelWidth, style).Add(part, Palette.Dim));
            label = "";
        }
    }
}
