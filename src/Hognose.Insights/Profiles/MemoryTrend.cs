using Hognose.Formats.Mprof;

namespace Hognose.Insights.Profiles;

/// <summary>How fast does memory grow or shrink? The straight line through all samples by least squares.</summary>
/// <param name="Slope">MiB a second.</param>
/// <param name="Offset">MiB at the time that samples are counted from.</param>
public readonly record struct MemoryTrend(double Slope, double Offset)
{
    /// <param name="start">The time to count from.</param>
    /// <returns>null for fewer than two moments: there is no line through one point.</returns>
    public static MemoryTrend? Of(IReadOnlyList<MemorySample> samples, double start)
    {
        if (samples.Count == 0)
            return null;
        var time = samples.Average(sample => sample.Time - start);
        var memory = samples.Average(sample => sample.MebiBytes);
        double together = 0, alone = 0;
        foreach (var sample in samples)
        {
            var distance = sample.Time - start - time;
            together += distance * (sample.MebiBytes - memory);
            alone += distance * distance;
        }
        return alone > 0 ? new MemoryTrend(together / alone, memory - (together / alone * time)) : null;
    }

    public double At(double seconds) => Offset + (Slope * seconds);
}
