using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Adds up one figure of every stack by site, and keeps the heaviest.</summary>
internal static class SiteRanker
{
    private const int NoFrame = -1;

    /// <param name="figure">Bytes and blocks of a stack.</param>
    public static SiteRanking Rank(RecordingSummary recording, Func<StackUsage, (long Bytes, long Blocks)> figure, SiteGrouping grouping, int count)
    {
        var places = new SitePlaces(recording.Stacks.Frames, grouping);
        var totals = new Dictionary<int, (long Bytes, long Blocks)>();
        var (totalBytes, totalBlocks) = (0L, 0L);
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            var (bytes, blocks) = figure(recording.Usage[stack]);
            if (bytes == 0 && blocks == 0)
                continue;
            var place = stack == 0 ? NoFrame : places.Of(recording.Stacks.InnermostFrame[stack]);
            var sum = totals.GetValueOrDefault(place);
            totals[place] = (sum.Bytes + bytes, sum.Blocks + blocks);
            totalBytes += bytes;
            totalBlocks += blocks;
        }
        var heaviest = Heaviest(totals, places, count);
        var callers = grouping == SiteGrouping.File ? [] : HeaviestCallers.Of(recording, figure, places, heaviest);
        var sites = heaviest.Select(place => new Site(
            place == NoFrame ? null : places.FrameOf(place),
            totals[place].Bytes,
            totals[place].Blocks,
            callers.GetValueOrDefault(place) ?? []));
        return new SiteRanking([.. sites], totals.Count, totalBytes, totalBlocks);
    }

    private static List<int> Heaviest(Dictionary<int, (long Bytes, long Blocks)> totals, SitePlaces places, int count)
    {
        var order = totals.Keys.ToList();
        order.Sort((one, other) =>
        {
            var byBytes = totals[other].Bytes.CompareTo(totals[one].Bytes);
            if (byBytes != 0)
                return byBytes;
            var byBlocks = totals[other].Blocks.CompareTo(totals[one].Blocks);
            return byBlocks != 0 ? byBlocks : places.Compare(one, other);
        });
        if (order.Count > count)
            order.RemoveRange(count, order.Count - count);
        return order;
    }
}
