using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>How much of everything did C code ask for itself?</summary>
public static class NativeUsage
{
    public static StackUsage Of(RecordingSummary recording)
    {
        var sum = default(StackUsage);
        for (var stack = 1; stack < recording.Usage.Length; stack++)
        {
            if (!recording.Stacks.IsNative(stack))
                continue;
            var usage = recording.Usage[stack];
            sum.PeakBytes += usage.PeakBytes;
            sum.PeakBlocks += usage.PeakBlocks;
            sum.EndBytes += usage.EndBytes;
            sum.EndBlocks += usage.EndBlocks;
            sum.TotalBytes += usage.TotalBytes;
            sum.TotalBlocks += usage.TotalBlocks;
            sum.TemporaryBytes += usage.TemporaryBytes;
            sum.TemporaryBlocks += usage.TemporaryBlocks;
        }
        return sum;
    }
}
