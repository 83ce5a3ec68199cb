using Hognose.Insights.Allocations;

namespace Hognose.Reports;

/// <summary>How views and groupings are called: on the command line, in JSON, in headings.</summary>
public static class RecordingWords
{
    public static string Name(RecordingView view) => view switch
    {
        RecordingView.Leaks => "leaks",
        RecordingView.Temporary => "temporary",
        RecordingView.All => "all",
        RecordingView.Growth => "growth",
        _ => "high-water",
    };

    public static string Name(SiteGrouping grouping) => grouping switch
    {
        SiteGrouping.Function => "function",
        SiteGrouping.File => "file",
        SiteGrouping.Module => "module",
        _ => "line",
    };

    /// <summary>As a row of a table.</summary>
    public static string Short(RecordingView view) => view switch
    {
        RecordingView.Leaks => "Held at the end",
        RecordingView.Temporary => "Temporary",
        RecordingView.All => "Allocated in all",
        RecordingView.Growth => "Grown since",
        _ => "High-water mark",
    };

    /// <summary>Above a table of sites. What is held at the end has a name of its own in each recording.</summary>
    public static string Heading(RecordingView view, string endLabel, int processes = 1) => view switch
    {
        RecordingView.HighWater when processes > 1 => "Each at its own high-water mark",
        RecordingView.Leaks => endLabel,
        RecordingView.Temporary => "Freed before their thread made another allocation",
        RecordingView.All => "Allocated in all, freed or not",
        RecordingView.Growth => "Allocated since then and still held",
        _ => "Held most at the high-water mark",
    };

    public static string Nothing(RecordingView view) => view switch
    {
        RecordingView.Leaks => "Nothing: every block was freed.",
        RecordingView.Temporary => "Nothing: no block was that short-lived.",
        RecordingView.All => "Nothing was allocated.",
        RecordingView.Growth => "Nothing: all that was allocated since then was freed.",
        _ => "Nothing was held.",
    };
}
