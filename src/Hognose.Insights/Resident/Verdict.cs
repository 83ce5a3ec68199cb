using Hognose.Heap.Resident;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Resident;

public enum VerdictKind
{
    /// <summary>No cause takes enough of the memory.</summary>
    Ordinary,

    /// <summary>One object keeps a large part alive.</summary>
    Held,

    /// <summary>Cycles that nothing reaches, and that no collection has freed.</summary>
    Garbage,

    /// <summary>Arenas of pymalloc that a few blocks keep.</summary>
    Fragmentation,

    /// <summary>Free memory that malloc keeps, and would give back if asked.</summary>
    Retention,

    /// <summary>Free memory between blocks of malloc that cannot be given back.</summary>
    MallocFragmentation,

    /// <summary>Memory of C code, not of Python objects.</summary>
    Native,
}

/// <summary>What is the matter with a process's memory, in one sentence's worth of figures.</summary>
/// <param name="Bytes">Resident, that the cause takes.</param>
/// <param name="Share">Of the process's own memory (what no file backs).</param>
/// <param name="Returns">Bytes that the remedy gives back to the kernel; 0 where that cannot be told.</param>
/// <param name="Who">The object, library or holder that the evidence leads to; empty where there is none.</param>
public sealed record Verdict(VerdictKind Kind, long Bytes, double Share, long Returns, string Who)
{
    /// <summary>What takes less of the process's own memory than this is not what is the matter.</summary>
    public const double LeastShare = 0.25;

    /// <summary>Nor what is smaller than this: a fresh interpreter has some such memory of every kind.</summary>
    public const long LeastBytes = 4 << 20;

    /// <summary>Of malloc's free memory so much can be given back, or it is fragmented.</summary>
    private const double MostlyReturned = 0.5;

    /// <summary>The largest cause above both bounds.</summary>
    public static Verdict Of(ResidentMemory memory, HeldHeap heap, PinnedArenas pinned, BiggestObjects biggest)
    {
        var own = memory.Mappings.Sum(mapping => mapping.Anonymous);
        Verdict[] causes = [Garbage(biggest), Held(biggest, own), Native(memory), Pools(memory, pinned, heap), Malloc(memory)];
        var worst = causes.MaxBy(cause => cause.Bytes)!;
        var share = own == 0 ? 0 : (double)worst.Bytes / own;
        return share >= LeastShare && worst.Bytes >= LeastBytes ? worst with { Share = share } : new Verdict(VerdictKind.Ordinary, 0, 0, 0, "");
    }

    /// <summary>Sizes of what a collection would free.</summary>
    private static Verdict Garbage(BiggestObjects biggest) => new(VerdictKind.Garbage, biggest.GarbageBytes, 0, biggest.GarbageBytes, "");

    /// <summary>What the object that retains the most retains.</summary>
    private static Verdict Held(BiggestObjects biggest, long own) =>
        biggest.Objects is [var first, ..]
            ? new Verdict(VerdictKind.Held, Math.Min(first.Retained, own), 0, 0, first.HeldBy)
            : new Verdict(VerdictKind.Held, 0, 0, 0, "");

    /// <summary>Blocks of malloc that lead to C code, blocks that nothing leads to, and what code took from the kernel itself.</summary>
    private static Verdict Native(ResidentMemory memory)
    {
        var parts = memory.Parts.Where(part => part.Kind is ResidentKind.Library or ResidentKind.Unheld or ResidentKind.Thread or ResidentKind.Other).ToList();
        var most = parts.MaxBy(part => part.Bytes);
        return new Verdict(VerdictKind.Native, parts.Sum(part => part.Bytes), 0, 0, most is { Kind: ResidentKind.Library } ? most.Name : "");
    }

    /// <summary>Free blocks and pools in arenas; that they are kept is the fault of the few blocks in use.</summary>
    private static Verdict Pools(ResidentMemory memory, PinnedArenas pinned, HeldHeap heap) => new(
        VerdictKind.Fragmentation,
        memory.Of(ResidentKind.FreeBlocks) + memory.Of(ResidentKind.FreePools),
        0,
        pinned.Resident,
        pinned.By is [var first, ..] && heap.Graph.NodeCount > 0 ? $"{first.Type} held by {first.HeldBy}" : "");

    /// <summary>malloc's free memory that is resident.</summary>
    private static Verdict Malloc(ResidentMemory memory)
    {
        var free = memory.Of(ResidentKind.FreeChunks) + memory.Of(ResidentKind.CachedChunks) + memory.Of(ResidentKind.Top);
        var kind = memory.Malloc.Trimmable >= MostlyReturned * free ? VerdictKind.Retention : VerdictKind.MallocFragmentation;
        return new Verdict(kind, free, 0, memory.Malloc.Trimmable, "");
    }
}
