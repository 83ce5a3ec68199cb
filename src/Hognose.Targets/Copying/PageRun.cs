using Hognose.Targets.Memory;

namespace Hognose.Targets.Copying;

/// <summary>Neighbouring pages, [Low, High).</summary>
public readonly record struct PageRun(ulong Low, ulong High)
{
    public ulong Length => High - Low;

    public TargetAddress Start => new(Low);

    public static ulong TotalLength(IEnumerable<PageRun> runs)
    {
        var total = 0UL;
        foreach (var run in runs)
            total += run.Length;
        return total;
    }

    /// <summary>What of <paramref name="low"/>..<paramref name="high"/> the ascending <paramref name="runs"/> leave out.</summary>
    public static IEnumerable<PageRun> Gaps(ulong low, ulong high, IEnumerable<PageRun> runs)
    {
        foreach (var run in runs)
        {
            if (run.Low > low)
                yield return new PageRun(low, Math.Min(run.Low, high));
            low = Math.Max(low, run.High);
        }
        if (low < high)
            yield return new PageRun(low, high);
    }
}
