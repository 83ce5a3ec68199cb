using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Whose memory was never freed?</summary>
public static class SurvivingSites
{
    public static SiteRanking Of(RecordingSummary recording, SiteGrouping grouping, int count) =>
        SiteRanker.Rank(recording, usage => (usage.EndBytes, usage.EndBlocks), grouping, count);
}
