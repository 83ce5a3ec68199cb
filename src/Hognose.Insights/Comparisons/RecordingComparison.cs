using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Comparisons;

/// <summary>What did a change make worse? Two recordings, site by site.</summary>
/// <param name="Sites">All of them; those that grew the most by the view first.</param>
public sealed record RecordingComparison(
    RecordingFacts FactsBefore, RecordingFacts FactsAfter, StackUsage TotalBefore, StackUsage TotalAfter, RecordingView View, SiteGrouping Grouping, IReadOnlyList<SiteChange> Sites)
{
    public static RecordingComparison Of(RecordingSummary before, RecordingSummary after, RecordingView view, SiteGrouping grouping)
    {
        var (one, other) = (SiteBook.Of(before, grouping), SiteBook.Of(after, grouping));
        var sites = SiteMatching.Match(one, other, grouping);
        sites.Sort((a, b) => Order(a, b, view));
        return new RecordingComparison(before.Facts, after.Facts, one.Total.Usage, other.Total.Usage, view, grouping, sites)
        {
            Variance = one.Total.Variance.Plus(other.Total.Variance),
        };
    }

    /// <summary>Of the growth of the whole.</summary>
    public StackVariance Variance { get; init; }

    /// <summary>One of the two holds samples only.</summary>
    public bool IsEstimate => FactsBefore.SampleBytes > 0 || FactsAfter.SampleBytes > 0;

    public (long Bytes, long Blocks) Before(RecordingView view) => view.Of(TotalBefore);

    public (long Bytes, long Blocks) After(RecordingView view) => view.Of(TotalAfter);

    /// <summary>How far off the growth of the whole may be either way; 0 where every allocation was recorded.</summary>
    public (long Bytes, long Blocks) Error(RecordingView view) => SampleError.Of(view, Variance);

    private static int Order(SiteChange one, SiteChange other, RecordingView view)
    {
        var (a, b) = (one.Growth(view), other.Growth(view));
        var byGrowth = a.Bytes != b.Bytes ? b.Bytes.CompareTo(a.Bytes) : b.Blocks.CompareTo(a.Blocks);
        if (byGrowth != 0)
            return byGrowth;
        var (place, otherPlace) = (one.After ?? one.Before, other.After ?? other.Before);
        var byFile = string.CompareOrdinal(place?.File ?? one.Label, otherPlace?.File ?? other.Label);
        return byFile != 0 ? byFile : (place?.Line ?? 0).CompareTo(otherPlace?.Line ?? 0);
    }
}
