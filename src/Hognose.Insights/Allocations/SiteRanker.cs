using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Who allocated it? Adds up a view of every stack by site, and keeps the heaviest.</summary>
public static class SiteRanker
{
    internal const int NoFrame = -1;

    public static SiteRanking Rank(RecordingSummary recording, RecordingView view, SiteGrouping grouping, int count)
    {
        var places = SitePlaces.Of(recording, grouping);
        var totals = new Dictionary<int, SiteSum>();
        var (totalBytes, totalBlocks) = (0L, 0L);
        for (var stack = 0; stack < recording.Usage.Length; stack++)
        {
            var (bytes, blocks) = view.Of(recording.Usage[stack]);
            if (bytes == 0 && blocks == 0)
                continue;
            var asking = recording.Stacks.OfPython(stack);
            var place = asking == 0 ? NoFrame : places.Of(recording.Stacks.InnermostFrame[asking]);
            var sum = totals.GetValueOrDefault(place);
            totals[place] = new SiteSum(sum.Bytes + bytes, sum.Blocks + blocks, sum.NativeBytes + (asking == stack ? 0 : bytes), sum.Variance + SampleError.VarianceOfBytes(recording, view, stack));
            totalBytes += bytes;
            totalBlocks += blocks;
        }
        var heaviest = Heaviest(totals, places, count);
        var callers = grouping is SiteGrouping.Line or SiteGrouping.Function ? HeaviestCallers.Of(recording, view, places, heaviest) : [];
        var survivors = new SiteSurvivors(recording, places, view == RecordingView.Leaks ? heaviest : []);
        var sites = heaviest.Select(place => SiteAt(place, totals[place], places, grouping, callers.GetValueOrDefault(place) ?? []) with
        {
            Types = survivors.TypesAt(place),
            Holders = survivors.HoldersAt(place),
        });
        return new SiteRanking([.. sites], totals.Count, totalBytes, totalBlocks);
    }

    private static Site SiteAt(int place, SiteSum total, SitePlaces places, SiteGrouping grouping, List<SiteCaller> callers)
    {
        if (place == NoFrame)
            return new Site(null, null, total.Bytes, total.Blocks, callers) { NativeBytes = total.NativeBytes, BytesError = SampleError.OfVariance(total.Variance) };
        var frame = places.FrameOf(place);
        var isLabelled = grouping == SiteGrouping.Module;
        return new Site(isLabelled ? null : frame, isLabelled ? frame.File : null, total.Bytes, total.Blocks, callers)
        {
            IsOwnCode = !LibraryCode.Holds(places.FileOf(place), outermost: callers.Count == 0),
            NativeBytes = total.NativeBytes,
            BytesError = SampleError.OfVariance(total.Variance),
        };
    }

    private static List<int> Heaviest(Dictionary<int, SiteSum> totals, SitePlaces places, int count)
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

    private readonly record struct SiteSum(long Bytes, long Blocks, long NativeBytes, double Variance);
}
