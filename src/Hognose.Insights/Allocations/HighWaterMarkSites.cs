using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Who held the memory when the program held the most?</summary>
public static class HighWaterMarkSites
{
    public static SiteRanking Of(RecordingSummary recording, SiteGrouping grouping, int count) =>
        SiteRanker.Rank(recording, usage => (usage.PeakBytes, usage.PeakBlocks), grouping, count);
}
