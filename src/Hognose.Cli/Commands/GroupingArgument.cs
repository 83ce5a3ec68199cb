using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports;

namespace Hognose.Cli.Commands;

/// <summary>What a site is, as <c>--by</c> names it.</summary>
internal static class GroupingArgument
{
    private static readonly SiteGrouping[] Groupings = Enum.GetValues<SiteGrouping>();

    public static string[] Names { get; } = [.. Groupings.Select(RecordingWords.Name)];

    /// <param name="name">One of <see cref="Names"/>; else the default.</param>
    public static SiteGrouping Parse(string name) => Array.Find(Groupings, one => RecordingWords.Name(one) == name);

    /// <exception cref="CannotContinueException">The recording knows no functions.</exception>
    public static void RequireKnown(RecordingSummary recording, SiteGrouping grouping, string file)
    {
        if (recording.Facts.Tracemalloc is not null && grouping == SiteGrouping.Function)
            throw new CannotContinueException($"'{file}' was read from tracemalloc, which keeps files and lines and no functions", "ask --by line, file or module");
    }
}
