using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Who asked for the most over the whole run, freed or not?</summary>
public static class BusiestSites
{
    public static SiteRanking Of(RecordingSummary recording, SiteGrouping grouping, int count) =>
        SiteRanker.Rank(recording, usage => (usage.TotalBytes, usage.TotalBlocks), grouping, count);
}
