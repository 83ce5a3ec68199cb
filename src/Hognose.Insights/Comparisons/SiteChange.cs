using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Insights.Comparisons;

/// <summary>A site in two recordings.</summary>
/// <param name="Before">Where it was; null when it is new, or no place in the source.</param>
/// <param name="After">Where it is; null when it is gone, or no place in the source.</param>
/// <param name="Label">Of a module its name; null also when there is no Python frame.</param>
public sealed record SiteChange(SourceFrame? Before, SourceFrame? After, string? Label, StackUsage UsageBefore, StackUsage UsageAfter)
{
    public bool IsNew => UsageBefore.IsEmpty;

    public bool IsGone => UsageAfter.IsEmpty;

    /// <summary>Several lines of a function that changed so much that they cannot be told apart; its first line stands for them.</summary>
    public bool IsOfSeveralLines { get; init; }

    /// <summary>Of the growth: samples of two recordings are independent, so their variances add up. Zero where every allocation was recorded.</summary>
    public StackVariance Variance { get; init; }

    internal static SiteChange Of(SourceFrame? before, SourceFrame? after, string? label, in BookedUsage usageBefore, in BookedUsage usageAfter) =>
        new(before, after, label, usageBefore.Usage, usageAfter.Usage) { Variance = usageBefore.Variance.Plus(usageAfter.Variance) };

    /// <summary>Whether it is the program's own code, and none of a library.</summary>
    public bool IsOwnCode => (After ?? Before) is { } place ? !LibraryCode.Holds(place.File, outermost: false) : Label is not null;

    public (long Bytes, long Blocks) Growth(RecordingView view)
    {
        var (before, after) = (view.Of(UsageBefore), view.Of(UsageAfter));
        return (after.Bytes - before.Bytes, after.Blocks - before.Blocks);
    }

    /// <summary>How far off the growth may be either way; 0 where every allocation was recorded.</summary>
    public (long Bytes, long Blocks) Error(RecordingView view) => SampleError.Of(view, Variance);

    /// <summary>Samples of two runs of the same program differ as much.</summary>
    public bool IsWithinError(RecordingView view) => Error(view).Bytes is var error and > 0 && Math.Abs(Growth(view).Bytes) <= error;
}
