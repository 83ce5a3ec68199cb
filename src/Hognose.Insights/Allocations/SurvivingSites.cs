using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Whose memory was still held when the program ended, before CPython's own shutdown freed what it could?</summary>
public static class SurvivingSites
{
    public static SiteRanking Of(RecordingSummary recording, SiteGrouping grouping, int count) =>
        SiteRanker.Rank(recording, usage => (usage.EndBytes, usage.EndBlocks), grouping, count);
}
