using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>How did heap and RSS go over time? The timeline in equal steps: in each the highest value, so that no peak is smoothed away.</summary>
/// <param name="ResidentBytes">-1: not known in that step.</param>
/// <param name="PeakStep">The step of the high-water mark; -1 when nothing was ever held.</param>
public sealed record MemoryOverTime(long[] HeapBytes, long[] ResidentBytes, long DurationNanoseconds, int PeakStep)
{
    public static MemoryOverTime Of(RecordingSummary recording, int steps)
    {
        var facts = recording.Facts;
        var last = recording.Timeline.Count == 0 ? 0 : recording.Timeline[^1].Nanoseconds;
        var duration = Math.Max(1, Math.Max(Math.Max(facts.DurationNanoseconds, facts.PeakNanoseconds), last));
        var heap = new long[steps];
        var resident = new long[steps];
        Array.Fill(heap, -1);
        Array.Fill(resident, -1);
        foreach (var point in recording.Timeline)
        {
            var step = StepOf(point.Nanoseconds, duration, steps);
            heap[step] = Math.Max(heap[step], point.HeapBytes);
            resident[step] = Math.Max(resident[step], point.ResidentBytes);
        }
        var peak = facts.PeakBytes > 0 ? StepOf(facts.PeakNanoseconds, duration, steps) : -1;
        if (peak >= 0)
            heap[peak] = Math.Max(heap[peak], facts.PeakBytes); // The true peak may lie between two moments.
        CarryOn(heap, 0);
        CarryOn(resident, -1);
        return new MemoryOverTime(heap, resident, duration, peak);
    }

    private static int StepOf(long nanoseconds, long duration, int steps) => (int)Math.Min(steps - 1, (double)nanoseconds / duration * steps);

    // A step without a moment has the value of the one before it.
    private static void CarryOn(long[] values, long first)
    {
        var former = first;
        for (var i = 0; i < values.Length; i++)
            former = values[i] = values[i] < 0 ? former : values[i];
    }
}
