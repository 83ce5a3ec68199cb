using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The report of a recording: how much and when, the picture, who held it, who never let go, totals, cost, what to type next.</summary>
public static class RecordingReport
{
    public static void Write(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options)
    {
        if (recording.Facts.Tracemalloc is not null)
        {
            TracemallocReport.WriteStored(console, recording, options);
            return;
        }
        console.WriteLine();
        new ReportHeadline(console).Write(recording);
        if (recording.Facts.Allocations > 0)
            WriteMemory(console, recording, options);
        new FamilyTable(console).Write(recording);
        new ReportTotals(console).Write(recording);
        new ReportNextSteps(console).Write(recording, options);
    }

    private static void WriteMemory(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options)
    {
        console.WriteLine();
        new MemoryChart(console).Write(recording);
        var sections = new SiteSections(console, options);
        foreach (var view in options.View is { } one ? (ReadOnlySpan<RecordingView>)[one] : [RecordingView.HighWater, RecordingView.Leaks])
            sections.Write(
                RecordingWords.Heading(view, ReportHeadline.EndLabel(recording.Facts)),
                RecordingWords.Nothing(view),
                SiteRanker.Rank(recording, view, options.Grouping, options.Sites));
    }
}
