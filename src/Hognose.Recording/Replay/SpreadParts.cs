using System.Numerics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;

namespace Hognose.Recording.Replay;

/// <summary>The stacks of a recording in parts, by a trait of their blocks: each part gets a number, under which a <see cref="WindowTally"/> counts it as if it were a stack.</summary>
internal sealed class SpreadParts(SpreadQuery query)
{
    private const int MostSlices = 1000; // Files may say any time.

    private readonly Dictionary<(int Stack, int Key), int> _numbers = [];
    private readonly List<(int Stack, int Key)> _parts = [];

    public int Count => _parts.Count;

    public bool IsBySize => query.Trait == BlockTrait.Size;

    /// <summary>The block, of its part.</summary>
    public EventBlock PartOf(in EventBlock block)
    {
        var part = block;
        part.Site = block.Site with { Stack = NumberOf((block.Site.Stack, KeyOf(in block))) };
        return part;
    }

    public StackUsage[] ByStack(StackUsage[] usage, int stacks)
    {
        var sums = new StackUsage[stacks];
        for (var part = 0; part < usage.Length; part++)
            sums[_parts[part].Stack] = sums[_parts[part].Stack].Plus(in usage[part]);
        return sums;
    }

    public StackVariance[] ByStack(StackVariance[] variances, int stacks)
    {
        var sums = new StackVariance[variances.Length == 0 ? 0 : stacks];
        for (var part = 0; part < variances.Length; part++)
            sums[_parts[part].Stack] = sums[_parts[part].Stack].Plus(in variances[part]);
        return sums;
    }

    public RecordingSpread Spread(StackUsage[] usage, long[] neverFreed) =>
        new(query.Trait, query.Slice, [.. _parts.Select((part, number) => new SpreadUsage(part.Stack, part.Key, usage[number], number < neverFreed.Length ? neverFreed[number] : 0))]);

    private int NumberOf((int Stack, int Key) part)
    {
        if (_numbers.TryGetValue(part, out var number))
            return number;
        _parts.Add(part);
        return _numbers[part] = _parts.Count - 1;
    }

    private int KeyOf(in EventBlock block) => query.Trait switch
    {
        BlockTrait.Thread => block.Thread,
        BlockTrait.Size => BitOperations.Log2((ulong)block.Site.Size),
        BlockTrait.Allocator => block.Site.Domain,
        // A slice ends with its last nanosecond.
        _ => (int)Math.Min(Math.Max(0, block.Born - 1) / query.Slice, MostSlices),
    };
}
