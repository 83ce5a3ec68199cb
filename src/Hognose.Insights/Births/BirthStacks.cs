using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Heap;

namespace Hognose.Insights.Births;

/// <summary>Which stack allocated each object: a heap and the blocks that lived at the same moment, joined by address.</summary>
public static class BirthStacks
{
    /// <summary>An object begins within its block behind the collector's head, the pointers of its attributes, and a debug allocator's mark.</summary>
    private const ulong LongestHead = 64;

    /// <summary>By node: the stack, and the block's index; -1 where no block is known (allocated before the recording, static, or not by Python's allocators).</summary>
    /// <param name="graph">The heap.</param>
    /// <param name="live">Ascending by address.</param>
    public static (int[] Stacks, int[] Blocks) Of(HeapGraph graph, IReadOnlyList<Survivor> live)
    {
        var stacks = new int[graph.NodeCount];
        var blocks = new int[graph.NodeCount];
        var block = -1;
        // Both ascend by address.
        for (var node = 0; node < graph.NodeCount; node++)
        {
            var address = graph.Addresses[node];
            while (block + 1 < live.Count && live[block + 1].Address <= address)
                block++;
            var isWithin = block >= 0 && address - live[block].Address is var offset && offset <= LongestHead && offset < (ulong)live[block].Size;
            blocks[node] = isWithin ? block : -1;
            stacks[node] = isWithin ? live[block].Stack : -1;
        }
        return (stacks, blocks);
    }

    /// <summary>The births of a heap's objects, as a file keeps them.</summary>
    /// <param name="stacks">Of the recording.</param>
    /// <param name="stackOfNode">As <see cref="Of"/> has it.</param>
    /// <param name="blockOfNode">The same.</param>
    /// <param name="live">All blocks.</param>
    /// <param name="now">Nanoseconds from the begin of the recording to the moment at which the blocks lived.</param>
    /// <param name="sampleBytes">0: all were recorded.</param>
    public static HeapFileBirths ToFile(StackTable stacks, int[] stackOfNode, int[] blockOfNode, IReadOnlyList<Survivor> live, long now, long sampleBytes) =>
        new(stacks, stackOfNode, Ages(live, blockOfNode, now))
        {
            SampleBytes = sampleBytes,
            BlockBytesOfNode = sampleBytes == 0 ? [] : Array.ConvertAll(blockOfNode, block => block < 0 ? -1 : (int)Math.Clamp(live[block].Size, 0, int.MaxValue - 1)),
        };

    /// <summary>By node: milliseconds; -1 where no block is known.</summary>
    /// <param name="live">As above.</param>
    /// <param name="blocks">By node, the index of the object's block.</param>
    /// <param name="now">Nanoseconds from the begin of the recording to the moment at which the blocks lived.</param>
    private static int[] Ages(IReadOnlyList<Survivor> live, int[] blocks, long now)
    {
        const long NanosecondsPerMillisecond = 1_000_000;
        // Less than the largest number: a file keeps one more.
        return Array.ConvertAll(blocks, block => block < 0 ? -1 : (int)Math.Clamp((now / NanosecondsPerMillisecond) - live[block].BornMilliseconds, 0, int.MaxValue - 1));
    }
}
