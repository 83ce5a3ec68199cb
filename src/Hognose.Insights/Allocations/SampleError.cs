using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>How far off may a figure of a recording of samples be? In 95 of 100 runs the truth lies within this distance of the estimate.</summary>
public static class SampleError
{
    /// <summary>Of the normal distribution 95.4 % lie within so many standard errors; estimates of few samples are a little wider.</summary>
    private const double Within95 = 2;

    /// <summary>Of what a stack holds in a view; 0 where every allocation was recorded.</summary>
    public static double VarianceOfBytes(RecordingSummary recording, RecordingView view, int stack) =>
        stack < recording.Variances.Length ? Of(in recording.Variances[stack], view).Bytes : 0;

    /// <summary>Bytes either way, of all that a view shows together; 0 where every allocation was recorded.</summary>
    public static long OfBytes(RecordingSummary recording, RecordingView view) =>
        OfVariance(recording.Variances.Sum(variance => Of(in variance, view).Bytes));

    /// <summary>Blocks either way.</summary>
    public static long OfBlocks(RecordingSummary recording, RecordingView view) =>
        OfVariance(recording.Variances.Sum(variance => Of(in variance, view).Blocks));

    /// <summary>Bytes and blocks either way, of what a view shows of a sum of stacks.</summary>
    public static (long Bytes, long Blocks) Of(RecordingView view, in StackVariance variance)
    {
        var (bytes, blocks) = Of(in variance, view);
        return (OfVariance(bytes), OfVariance(blocks));
    }

    public static long OfVariance(double variance) => (long)Math.Min(Math.Ceiling(Within95 * Math.Sqrt(variance)), long.MaxValue / 2);

    private static (double Bytes, double Blocks) Of(in StackVariance variance, RecordingView view) => view switch
    {
        RecordingView.Leaks or RecordingView.Growth => (variance.EndBytes, variance.EndBlocks),
        RecordingView.All => (variance.TotalBytes, variance.TotalBlocks),
        RecordingView.Temporary => (0, 0),
        _ => (variance.PeakBytes, variance.PeakBlocks),
    };
}
