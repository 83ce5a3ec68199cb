using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>How much of everything did C code ask for itself?</summary>
public static class NativeUsage
{
    public static StackUsage Of(RecordingSummary recording)
    {
        var sum = default(StackUsage);
        for (var stack = 1; stack < recording.Usage.Length; stack++)
            if (recording.Stacks.IsNative(stack))
                sum = sum.Plus(recording.Usage[stack]);
        return sum;
    }
}
