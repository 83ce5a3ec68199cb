namespace Hognose.Formats.Heap;

/// <summary>The resident memory of a process at the instant of the snapshot. Sizes are bytes.</summary>
public sealed record HeapFileResident
{
    /// <summary>The kernel's account, mapping by mapping, ascending.</summary>
    public required IReadOnlyList<HeapFileMapping> Mappings { get; init; }

    public required IReadOnlyList<HeapFilePart> Parts { get; init; }

    public required IReadOnlyList<HeapFileArena> Arenas { get; init; }

    public required IReadOnlyList<HeapFileSizeClass> Classes { get; init; }

    public required IReadOnlyList<HeapFileMallocArena> MallocArenas { get; init; }

    public HeapFilePoolTotals Pools { get; init; }

    public HeapFileMallocTotals Malloc { get; init; }
}

/// <param name="Low">First address.</param>
/// <param name="Length">Of address space.</param>
public readonly record struct HeapFileMapping(
    ulong Low, ulong Length, string Path, long Resident, long Proportional, long Shared, long Private, long Anonymous, long Swapped);

/// <param name="Kind">As <c>ResidentKind</c> numbers it.</param>
/// <param name="Name">Of a type or file; may be empty.</param>
public readonly record struct HeapFilePart(byte Kind, string Name, long Bytes, long Count);

/// <summary>An arena of pymalloc.</summary>
public readonly record struct HeapFileArena(ulong Low, ulong Length, long UsedBlocks, long UsedBytes, long Resident);

/// <summary>Pools of pymalloc whose blocks have one size.</summary>
public readonly record struct HeapFileSizeClass(int BlockSize, long Pools, long UsedBlocks, long FreeBlocks);

public readonly record struct HeapFilePoolTotals(int PoolSize, long FreePools, long HeaderBytes, long TailBytes, long AlignmentBytes);

public readonly record struct HeapFileMallocArena(ulong Address, bool IsMain, long System, long Free, long Fast, long Cached, long Top);

/// <param name="Adjusted">By which mappings' parts differed from the kernel's count and were fitted to it.</param>
public readonly record struct HeapFileMallocTotals(long MappedBlocks, long MappedBytes, long Trimmable, long Adjusted);
