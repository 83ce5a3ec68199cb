using Hognose.Formats.Alloc;

namespace Hognose.Recording.Replay;

/// <summary>By what blocks of one stack are told apart.</summary>
/// <param name="Slice">Of time: how long a slice is, in nanoseconds.</param>
public sealed record SpreadQuery(BlockTrait Trait, long Slice = long.MaxValue);

/// <summary>Which part of a recording to add up. Times are nanoseconds since it began.</summary>
public sealed record ReplayQuery
{
    /// <summary>Totals are of what was allocated from here on; what was held at the end too. The high-water mark counts all that lived.</summary>
    public long Since { get; init; }

    /// <summary>The end; null: when Python began to shut down, or the last event.</summary>
    public long? Until { get; init; }

    /// <summary>Indices of the threads whose allocations count; null: all.</summary>
    public IReadOnlySet<int>? Threads { get; init; }

    /// <summary>A block is temporary that was freed before its thread made this many further allocations.</summary>
    public long TemporaryThreshold { get; init; } = 1;

    /// <summary>Also tell blocks of one stack apart; null: not.</summary>
    public SpreadQuery? Spread { get; init; }
}
