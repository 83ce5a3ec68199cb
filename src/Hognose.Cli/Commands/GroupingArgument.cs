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
}
