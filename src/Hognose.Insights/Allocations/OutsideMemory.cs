using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>Did a process grow by memory that its recording does not tell of?</summary>
public static class OutsideMemory
{
    private const long Least = 16 << 20;

    /// <summary>
    /// By how much the largest RSS exceeds what Python's heap had held at most until then, and what was resident beyond the heap when recording began (the
    /// interpreter itself; of an attached program all that it had). pymalloc's free memory is not taken for C code's, for it was held once. Bytes, where that is
    /// at least 16 MiB and half of the largest RSS; else 0, as where C code's allocations were recorded.
    /// </summary>
    public static long Of(RecordingSummary recording)
    {
        if (recording.Facts.NativeAllocations || recording.Facts.Part.Length > 0)
            return 0;
        var (largest, outside, mostHeap, begin) = (0L, 0L, 0L, -1L);
        foreach (var point in recording.Timeline)
        {
            mostHeap = Math.Max(mostHeap, point.HeapBytes);
            if (point.ResidentBytes < 0)
                continue;
            if (begin < 0)
                begin = Math.Max(0, point.ResidentBytes - point.HeapBytes);
            if (point.ResidentBytes > largest)
                (largest, outside) = (point.ResidentBytes, point.ResidentBytes - mostHeap - begin);
        }
        return outside >= Least && outside >= largest / 2 ? outside : 0;
    }
}
