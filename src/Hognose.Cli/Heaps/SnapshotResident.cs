using Hognose.CPython.Resident;
using Hognose.Formats.Heap;
using Hognose.Heap.Resident;
using Hognose.Targets.Memory;
using Hognose.Targets.Resident;

namespace Hognose.Cli.Heaps;

/// <summary>Between the account of resident memory and what a snapshot keeps of it.</summary>
internal static class SnapshotResident
{
    public static HeapFileResident Of(ResidentMemory memory, ResidentAccount account) => new()
    {
        Mappings = [.. account.Mappings.Select(each => new HeapFileMapping(
            each.Low.Value, each.High.Value - each.Low.Value, each.Path, each.Resident, each.Proportional, each.Shared, each.Private, each.Anonymous, each.Swapped))],
        Parts = [.. memory.Parts.Select(each => new HeapFilePart((byte)each.Kind, each.Name, each.Bytes, each.Count))],
        Arenas = [.. memory.Pools.Arenas.Select(each => new HeapFileArena(each.Low, each.High - each.Low, each.UsedBlocks, each.UsedBytes, each.Resident))],
        Classes = [.. memory.Pools.Classes.Select(each => new HeapFileSizeClass(each.BlockSize, each.Pools, each.UsedBlocks, each.FreeBlocks))],
        Pools = new HeapFilePoolTotals(memory.Pools.PoolSize, memory.Pools.FreePools, memory.Pools.HeaderBytes, memory.Pools.TailBytes, memory.Pools.AlignmentBytes),
        MallocArenas = [.. memory.Malloc.Arenas.Select(each => new HeapFileMallocArena(each.Address, each.IsMain, each.System, each.Free, each.Fast, each.Cached, each.Top))],
        Malloc = new HeapFileMallocTotals(memory.Malloc.MappedBlocks, memory.Malloc.MappedBytes, memory.Malloc.Trimmable, memory.Adjusted),
    };

    public static ResidentAccount AccountOf(HeapFileResident file) => new(
        [.. file.Mappings.Select(each => new SmapsEntry(
            new TargetAddress(each.Low), new TargetAddress(each.Low + each.Length), each.Path, each.Resident, each.Proportional, each.Shared, each.Private, each.Anonymous,
            each.Swapped))],
        []);

    public static ResidentMemory MemoryOf(HeapFileResident file) => new(
        [.. file.Parts.Select(each => new ResidentPart((ResidentKind)each.Kind, each.Name, each.Bytes, each.Count))],
        ResidentReader.Sum(AccountOf(file)),
        new PoolUse(
            [.. file.Arenas.Select(each => new ArenaUse(each.Low, each.Low + each.Length, each.UsedBlocks, each.UsedBytes, each.Resident))],
            [.. file.Classes.Select(each => new SizeClassUse(each.BlockSize, each.Pools, each.UsedBlocks, each.FreeBlocks))],
            file.Pools.PoolSize, file.Pools.FreePools, file.Pools.HeaderBytes, file.Pools.TailBytes, file.Pools.AlignmentBytes),
        new MallocUse(
            [.. file.MallocArenas.Select(each => new MallocArenaUse(each.Address, each.IsMain, each.System, each.Free, each.Fast, each.Cached, each.Top))],
            file.Malloc.MappedBlocks, file.Malloc.MappedBytes, file.Malloc.Trimmable),
        file.Malloc.Adjusted);
}
