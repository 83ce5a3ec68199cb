namespace Hognose.Targets.Glibc;

public enum ChunkState : byte
{
    /// <summary>A block of the program.</summary>
    InUse,

    /// <summary>In a bin: given out again, or back to the kernel by malloc_trim, page by page.</summary>
    Free,

    /// <summary>Free, in a fastbin: not joined with its neighbours before malloc_trim or a large request.</summary>
    Fast,

    /// <summary>Free, in a thread's own cache: only that thread gives it out again.</summary>
    Cached,

    /// <summary>The unused end of an arena.</summary>
    Top,

    /// <summary>A block with a mapping of its own, which goes back to the kernel when it is freed.</summary>
    Mapped,

    /// <summary>malloc's own: heads of heaps, arenas, the fences at the end of a heap.</summary>
    Bookkeeping,
}

/// <summary>A piece of malloc's memory: a header word, then the block, which begins <see cref="HeaderBytes"/> behind the address.</summary>
/// <param name="Bytes">Header included; the next chunk follows directly.</param>
public readonly record struct MallocChunk(ulong Address, ulong Bytes, ChunkState State)
{
    public const int HeaderBytes = 16;

    public ulong End => Address + Bytes;
}

/// <summary>One arena; threads that contend for one get their own. Sizes are bytes.</summary>
/// <param name="System">What the arena took from the kernel and has not given back.</param>
/// <param name="Free">In bins.</param>
/// <param name="Fast">In fastbins.</param>
/// <param name="Cached">Of its chunks, those in caches of threads; malloc counts them as used.</param>
public sealed record MallocArena(ulong Address, bool IsMain, long System, long Free, long Fast, long Cached, long Top);

/// <summary>glibc's heap of one process.</summary>
/// <param name="Arenas">The main one first.</param>
/// <param name="Chunks">Ascending, without overlaps.</param>
/// <param name="Trimmable">Address ranges of whole pages that malloc_trim(0) would hand to the kernel, as far as they are resident.</param>
public sealed record MallocMap(
    IReadOnlyList<MallocArena> Arenas, IReadOnlyList<MallocChunk> Chunks, IReadOnlyList<(ulong Low, ulong High)> Trimmable)
{
    public static MallocMap Empty { get; } = new([], [], []);
}
