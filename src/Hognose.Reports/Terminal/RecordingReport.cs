using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The report of a recording: how much and when, the picture, who held it, who never let go, totals, cost, what to type next.</summary>
public static class RecordingReport
{
    public static void Write(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options)
    {
        console.WriteLine();
        new ReportHeadline(console).Write(recording.Facts);
        if (recording.Facts.Allocations > 0)
            WriteMemory(console, recording, options);
        new ReportTotals(console).Write(recording.Facts);
        new ReportNextSteps(console).Write(recording, options);
    }

    private static void WriteMemory(IAnsiConsole console, RecordingSummary recording, RecordingReportOptions options)
    {
        console.WriteLine();
        new MemoryChart(console).Write(recording);
        var sections = new SiteSections(console, options);
        sections.Write("Held most at the high-water mark", "Nothing was held.", HighWaterMarkSites.Of(recording, options.Grouping, options.Sites));
        sections.Write(
            ReportHeadline.EndLabel(recording.Facts),
            "Nothing: every block was freed.",
            SurvivingSites.Of(recording, options.Grouping, options.Sites));
    }
}
