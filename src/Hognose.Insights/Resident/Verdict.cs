using Hognose.Heap.Resident;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Resident;

public enum VerdictKind
{
    /// <summary>No cause takes enough of the memory.</summary>
    Ordinary,

    /// <summary>One object keeps a large part alive.</summary>
    Held,

    /// <summary>Very many objects of one class do so together.</summary>
    HeldTogether,

    /// <summary>Variables of many calls of one function do so together.</summary>
    HeldByCalls,

    /// <summary>Cycles that nothing reaches, and that no collection has freed.</summary>
    Garbage,

    /// <summary>The same, where gc.freeze() keeps collections from it.</summary>
    FrozenGarbage,

    /// <summary>Arenas of pymalloc that a few blocks keep.</summary>
    Fragmentation,

    /// <summary>Free memory that malloc keeps, and would give back if asked.</summary>
    Retention,

    /// <summary>Free memory between blocks of malloc that cannot be given back.</summary>
    MallocFragmentation,

    /// <summary>Memory of C code, not of Python objects.</summary>
    Native,

    /// <summary>Memory that objects of a type own beyond their own sizes: of C code, or mapped.</summary>
    Owned,

    /// <summary>Shared memory that no object maps, as far as can be told.</summary>
    Shared,
}

/// <summary>What is the matter with a process's memory, in one sentence's worth of figures.</summary>
/// <param name="Bytes">Resident, that the cause takes.</param>
/// <param name="Share">Of the process's own memory: what no file backs, and what it made to be shared.</param>
/// <param name="Returns">Bytes that the remedy gives back to the kernel; 0 where that cannot be told.</param>
/// <param name="Who">The object, library or holder that the evidence leads to; empty where there is none.</param>
public sealed record Verdict(VerdictKind Kind, long Bytes, double Share, long Returns, string Who)
{
    /// <summary>What takes less of the process's own memory than this is not what is the matter.</summary>
    public const double LeastShare = 0.25;

    /// <summary>Nor what is smaller than this: a fresh interpreter has some such memory of every kind.</summary>
    public const long LeastBytes = 4 << 20;

    /// <summary>No object of a fresh interpreter keeps so much, and no class, and it has no such garbage.</summary>
    public const long LeastOfObjects = 1 << 20;

    /// <summary>Of malloc's free memory so much can be given back, or it is fragmented.</summary>
    private const double MostlyReturned = 0.5;

    /// <summary>Of <see cref="VerdictKind.HeldTogether"/>, of <see cref="VerdictKind.Owned"/>, of garbage: how many objects; of <see cref="VerdictKind.HeldByCalls"/>: calls.</summary>
    public long Objects { get; init; }

    /// <summary>Of <see cref="VerdictKind.Owned"/>, <see cref="VerdictKind.HeldByCalls"/>: the type of the objects; else empty.</summary>
    public string Type { get; init; } = "";

    /// <summary>Of <see cref="VerdictKind.Owned"/>: all are held by <see cref="Who"/>, not only most.</summary>
    public bool AreAllHeldSo { get; init; }

    /// <summary>Of <see cref="VerdictKind.Owned"/>: most of it is mapped, not allocated.</summary>
    public bool IsMapped { get; init; }

    /// <summary>Of <see cref="VerdictKind.HeldByCalls"/>: the function.</summary>
    public string Function { get; init; } = "";

    /// <summary>Of <see cref="VerdictKind.Ordinary"/>: the largest cause, which is below a bound; null where none takes a byte.</summary>
    public Verdict? Largest { get; init; }

    /// <summary>The largest cause above both bounds.</summary>
    public static Verdict Of(ResidentMemory memory, HeldHeap heap, PinnedArenas pinned, BiggestObjects biggest, PathWords words)
    {
        var own = memory.Own;
        Verdict[] all =
        [
            Garbage(biggest), Frozen(biggest), Held(biggest, own), Together(heap, own), Calls(heap, words, own), Native(memory), Pools(memory, pinned, heap), Malloc(memory),
            Owned(memory, heap, words), SharedWith(memory),
        ];
        List<Verdict> causes = [.. all.Select(cause => cause with { Share = own == 0 ? 0 : (double)cause.Bytes / own }).OrderByDescending(cause => cause.Bytes)];
        return causes.Find(cause => cause.Share >= LeastShare && cause.Bytes >= Least(cause.Kind))
            ?? new Verdict(VerdictKind.Ordinary, 0, 0, 0, "") { Largest = causes.Find(cause => cause.Bytes > 0) };
    }

    private static long Least(VerdictKind kind) =>
        kind is VerdictKind.Held or VerdictKind.HeldTogether or VerdictKind.HeldByCalls or VerdictKind.Garbage or VerdictKind.FrozenGarbage ? LeastOfObjects : LeastBytes;

    /// <summary>Sizes of what a collection would free.</summary>
    private static Verdict Garbage(BiggestObjects biggest) =>
        new(VerdictKind.Garbage, biggest.GarbageBytes, 0, biggest.GarbageBytes, "") { Objects = biggest.GarbageObjects };

    /// <summary>Sizes of what it would free but for gc.freeze().</summary>
    private static Verdict Frozen(BiggestObjects biggest)
    {
        var frozen = biggest.KeptGarbage.FirstOrDefault(kept => kept.Reason == KeptReason.Frozen);
        return new(VerdictKind.FrozenGarbage, frozen?.Bytes ?? 0, 0, frozen?.Bytes ?? 0, "") { Objects = frozen?.Objects ?? 0 };
    }

    /// <summary>What the object that retains the most retains.</summary>
    private static Verdict Held(BiggestObjects biggest, long own) =>
        biggest.Objects is [var first, ..]
            ? new Verdict(VerdictKind.Held, Math.Min(first.Retained, own), 0, 0, first.HeldBy)
            : new Verdict(VerdictKind.Held, 0, 0, 0, "");

    /// <summary>What the objects of the class that retains the most retain.</summary>
    private static Verdict Together(HeldHeap heap, long own) =>
        LargeClasses.Of(heap) is [var first, ..]
            ? new Verdict(VerdictKind.HeldTogether, Math.Min(first.Retained, own), 0, 0, first.Type) { Objects = first.Objects }
            : new Verdict(VerdictKind.HeldTogether, 0, 0, 0, "");

    private static Verdict Calls(HeldHeap heap, PathWords words, long own) =>
        LargeCalls.Of(heap, words, 1) is [var first, ..]
            ? new Verdict(VerdictKind.HeldByCalls, Math.Min(first.Retained, own), 0, 0, first.HeldBy) { Objects = first.Calls, Type = first.Type, Function = first.Function }
            : new Verdict(VerdictKind.HeldByCalls, 0, 0, 0, "");

    /// <summary>What objects of the type that owns the most own.</summary>
    private static Verdict Owned(ResidentMemory memory, HeldHeap heap, PathWords words) =>
        OwnedMemory.Of(memory, heap, words, LeastBytes) is [var first, ..]
            ? new Verdict(VerdictKind.Owned, first.Bytes, 0, 0, first.HeldBy)
            {
                Objects = first.Objects, Type = first.Type, AreAllHeldSo = first.AreAllHeldSo, IsMapped = first.IsMapped,
            }
            : new Verdict(VerdictKind.Owned, 0, 0, 0, "");

    private static Verdict SharedWith(ResidentMemory memory) => new(
        VerdictKind.Shared, memory.Of(ResidentKind.Shared), 0, 0, memory.Parts.Where(part => part.Kind == ResidentKind.Shared).MaxBy(part => part.Bytes)?.Name ?? "");

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
