using Hognose.Heap.Resident;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Resident;

/// <summary>Where is every resident byte of a process, and what is the matter with it?</summary>
public sealed record ResidentAnswer(ResidentMemory Memory, PinnedArenas Pinned, BiggestObjects Biggest, Verdict Verdict)
{
    public static ResidentAnswer Of(ResidentMemory memory, HeldHeap heap, bool showsKeys)
    {
        var pinned = PinnedArenas.Of(heap, memory.Pools, showsKeys);
        var biggest = BiggestObjects.Of(heap, 1, showsKeys);
        return new ResidentAnswer(memory, pinned, biggest, Resident.Verdict.Of(memory, heap, pinned, biggest));
    }

    /// <summary>Bytes of which it is known what has them. Not explained are blocks that nothing leads to, and memory that code took from the kernel itself.</summary>
    public long Explained => Memory.Resident - Memory.Of(ResidentKind.Unheld) - Memory.Of(ResidentKind.Other);

    /// <summary>Bytes of no file that another process has, too: after a fork, what neither has written since.</summary>
    public long SharedAfterFork => Memory.Mappings.Where(mapping => mapping.Path.Length == 0 || mapping.Path[0] == '[').Sum(mapping => Math.Min(mapping.Shared, mapping.Anonymous));

    public double ShareOf(long bytes) => Memory.Resident == 0 ? 0 : (double)bytes / Memory.Resident;
}
