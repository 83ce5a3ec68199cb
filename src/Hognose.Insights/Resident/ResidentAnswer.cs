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
        return new ResidentAnswer(memory, pinned, biggest, Resident.Verdict.Of(memory, heap, pinned, biggest, new PathWords(heap, showsKeys)));
    }

    /// <summary>Bytes of which it is known what has them. Not explained are blocks that nothing leads to, and memory that code took from the kernel itself.</summary>
    public long Explained => Memory.Resident - Memory.Of(ResidentKind.Unheld) - Memory.Of(ResidentKind.Other);

    /// <summary>Bytes of no file that another process has, too: after a fork, what neither has written since.</summary>
    public long SharedAfterFork => Memory.Mappings.Where(mapping => mapping.Path.Length == 0 || mapping.Path[0] == '[').Sum(mapping => Math.Min(mapping.Shared, mapping.Anonymous));

    /// <summary>What takes more than half of all: objects with what they own together, else one kind; null where nothing does.</summary>
    public (ResidentKind Kind, long Bytes)? Most
    {
        get
        {
            var (kind, bytes) = Enum.GetValues<ResidentKind>().Select(kind => (kind, Memory.Of(kind))).Where(each => each.kind is not (ResidentKind.Objects or ResidentKind.Buffers))
                .Append((ResidentKind.Objects, Memory.Of(ResidentKind.Objects) + Memory.Of(ResidentKind.Buffers))).MaxBy(each => each.Item2);
            return bytes > Memory.Resident / 2 ? (kind, bytes) : null;
        }
    }

    public double ShareOf(long bytes) => Memory.Resident == 0 ? 0 : (double)bytes / Memory.Resident;
}
