namespace Hognose.Heap.Resident;

/// <summary>What resident bytes are taken by.</summary>
public enum ResidentKind
{
    /// <summary>Blocks that begin with an object of a type.</summary>
    Objects,

    /// <summary>Blocks that objects of a type own: tables of dicts, items of lists, buffers.</summary>
    Buffers,

    /// <summary>Blocks that the interpreter's own data leads to.</summary>
    Interpreter,

    /// <summary>Blocks of malloc that a library's data leads to.</summary>
    Library,

    /// <summary>Blocks that only a thread's stack leads to.</summary>
    Thread,

    /// <summary>Blocks in use that nothing known leads to.</summary>
    Unheld,

    /// <summary>Free blocks in pools of pymalloc that are in use.</summary>
    FreeBlocks,

    /// <summary>Pools without a block in use, and what was never made into pools, in arenas that are kept for others.</summary>
    FreePools,

    /// <summary>Headers of pools, what is too short for another block, and what lies beside whole pools.</summary>
    PoolHeaders,

    /// <summary>In malloc's bins.</summary>
    FreeChunks,

    /// <summary>Free, but kept in fastbins and in caches of threads.</summary>
    CachedChunks,

    /// <summary>The free end of malloc's arenas.</summary>
    Top,

    /// <summary>malloc's own.</summary>
    MallocHeads,

    /// <summary>Of threads, the main one's included.</summary>
    Stacks,

    /// <summary>Executables and libraries as they are in their files.</summary>
    Code,

    /// <summary>Variables of executables and libraries: written, so the process has its own copy.</summary>
    Variables,

    /// <summary>Other files mapped into memory.</summary>
    Files,

    /// <summary>Memory made to be shared.</summary>
    Shared,

    /// <summary>Memory that code took from the kernel itself.</summary>
    Other,

    /// <summary>The kernel's pages in the process ([vdso]).</summary>
    Kernel,

    /// <summary>Memory made to be shared, or a file, that an object of a type maps.</summary>
    SharedOfObjects,
}

/// <summary>Resident bytes of one kind.</summary>
/// <param name="Name">Of the type or file; empty where the kind needs none.</param>
/// <param name="Bytes">Resident; whole blocks, with what their allocator adds.</param>
/// <param name="Count">Blocks, chunks, pools or mappings, resident or not.</param>
public sealed record ResidentPart(ResidentKind Kind, string Name, long Bytes, long Count);

/// <summary>The kernel's account summed over mappings of one path. Sizes are bytes.</summary>
/// <param name="Shared">Resident and in another process too.</param>
public sealed record ResidentMapping(
    string Path, long Mappings, long Resident, long Proportional, long Shared, long Private, long Anonymous, long Swapped);

/// <summary>An arena of pymalloc, which goes back to the kernel when its last block is freed.</summary>
/// <param name="Resident">Bytes.</param>
public sealed record ArenaUse(ulong Low, ulong High, long UsedBlocks, long UsedBytes, long Resident);

/// <summary>Pools of one size class.</summary>
public sealed record SizeClassUse(int BlockSize, long Pools, long UsedBlocks, long FreeBlocks);

/// <summary>pymalloc's memory, as <c>sys._debugmallocstats()</c> has it. Sizes are bytes of address space.</summary>
/// <param name="FreePools">Pools without a used block, those that were never made included.</param>
public sealed record PoolUse(
    IReadOnlyList<ArenaUse> Arenas, IReadOnlyList<SizeClassUse> Classes, int PoolSize, long FreePools, long HeaderBytes, long TailBytes, long AlignmentBytes)
{
    public long Pools => Classes.Sum(each => each.Pools);

    public long UsedBlocks => Classes.Sum(each => each.UsedBlocks);

    public long UsedBytes => Classes.Sum(each => each.UsedBlocks * each.BlockSize);

    public long FreeBytes => Classes.Sum(each => each.FreeBlocks * each.BlockSize);

    public long ArenaBytes => Arenas.Sum(arena => (long)(arena.High - arena.Low));
}

/// <summary>One arena of malloc. Sizes are bytes of address space, as <c>mallinfo2</c> has them, but that it counts cached ones as used.</summary>
public sealed record MallocArenaUse(ulong Address, bool IsMain, long System, long Free, long Fast, long Cached, long Top);

/// <summary>malloc's memory.</summary>
/// <param name="MappedBlocks">Blocks with mappings of their own.</param>
/// <param name="Trimmable">Resident bytes that malloc_trim(0) would give back.</param>
public sealed record MallocUse(IReadOnlyList<MallocArenaUse> Arenas, long MappedBlocks, long MappedBytes, long Trimmable)
{
    public long Free => Arenas.Sum(arena => arena.Free + arena.Fast + arena.Top);
}

/// <summary>Every resident byte of a process at one instant.</summary>
/// <param name="Parts">Their sum is what the kernel counts, to the byte.</param>
/// <param name="Adjusted">
/// Bytes by which a mapping's parts differed from the kernel's count and were fitted to it: pages that are swapped out, or were read but never written.
/// </param>
public sealed record ResidentMemory(
    IReadOnlyList<ResidentPart> Parts, IReadOnlyList<ResidentMapping> Mappings, PoolUse Pools, MallocUse Malloc, long Adjusted)
{
    public long Resident => Mappings.Sum(mapping => mapping.Resident);

    /// <summary>The process's own: what no file backs, and what it made to be shared.</summary>
    public long Own => Mappings.Sum(mapping => mapping.Anonymous) + Of(ResidentKind.Shared) + Of(ResidentKind.SharedOfObjects);

    public long Of(ResidentKind kind) => Parts.Where(part => part.Kind == kind).Sum(part => part.Bytes);
}
