using Hognose.Diagnostics;
using Hognose.Insights.Allocations;
using Hognose.Reports;

namespace Hognose.Cli.Commands;

/// <summary>What a site is, as <c>--by</c> names it.</summary>
internal static class GroupingArgument
{
    private static readonly SiteGrouping[] Groupings = Enum.GetValues<SiteGrouping>();

    /// <summary>Also those that a recording must have been made for.</summary>
    public static string[] Names { get; } = [.. Groupings.Select(RecordingWords.Name), "type", "thread", "size"];

    /// <exception cref="CannotContinueException">The recording does not tell.</exception>
    public static SiteGrouping Parse(string name) => Array.FindIndex(Groupings, one => RecordingWords.Name(one) == name) is >= 0 and var index
        ? Groupings[index]
        : throw new CannotContinueException(
            $"this recording does not say which {name} a block was of",
            $"ask by {string.Join(", ", Groupings.SkipLast(1).Select(RecordingWords.Name))} or {RecordingWords.Name(Groupings[^1])}");
}
