using System.Runtime.CompilerServices;
using Hognose.Agent;

namespace Hognose.Extension.Profile;

/// <summary>What is remembered of a block beside the bytes asked for.</summary>
internal enum BlockMark : uint
{
    None = 0,

    /// <summary>Made by tracing itself: counts nowhere, neither now nor when it is freed.</summary>
    Ours = 1,

    /// <summary>A generator or coroutine whose call is under way: when it is freed, the call is over.</summary>
    OpenCall = 2,

    /// <summary>Came into being before we listened: its size is not known.</summary>
    Older = 4,
}

internal unsafe struct BlockEntry
{
    /// <summary>0: an empty place.</summary>
    public nuint Address;
    private ulong _sizeAndMarks;

    public long Size
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (long)(_sizeAndMarks & BlockMap.SizeMask);
    }

    public BlockMark Marks
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (BlockMark)(_sizeAndMarks >> BlockMap.MarkShift);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(nuint address, long size, BlockMark marks)
    {
        Address = address;
        _sizeAndMarks = ((ulong)size & BlockMap.SizeMask) | ((ulong)marks << BlockMap.MarkShift);
    }
}

/// <summary>
/// Live blocks and the bytes that were asked for: open addressing with linear probing, and removal that moves later entries back, so that an empty
/// map is all zeros. The caller holds the lock. 16 bytes a place, at most half of them taken.
/// </summary>
internal unsafe struct BlockMap
{
    public const int MarkShift = 56;
    public const ulong SizeMask = (1UL << MarkShift) - 1;

    private const nuint FirstCapacity = 1024;
    private const int FirstHomeShift = 64 - 10;
    private const int GrainShift = 4;

    /// <summary>1 MiB: what a map may keep while nothing is in it.</summary>
    private const nuint LargestKept = 65_536;

    private BlockEntry* _entries;
    private nuint _mask;
    private nuint _count;

    /// <summary>Leaves the upper bits of a product (Fibonacci hashing: Knuth, vol. 3, 6.4): those in the middle let blocks of a pool collide eight to one.</summary>
    private int _homeShift;

    /// <summary>The entry of a block, or null. It is valid until the next insertion or removal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static BlockEntry* Find(BlockMap* map, nuint address)
    {
        if (map->_count == 0)
            return null;
        for (var index = Home(map, address); ; index = (index + 1) & map->_mask)
        {
            var entry = map->_entries + index;
            if (entry->Address == address)
                return entry;
            if (entry->Address == 0)
                return null;
        }
    }

    /// <summary>False: no memory left, and the block stays unknown.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Put(BlockMap* map, nuint address, long size, BlockMark marks)
    {
        if (map->_count * 2 >= map->_mask && !Grow(map))
            return false;
        var entry = Place(map, address);
        if (entry->Address == 0)
            map->_count++;
        entry->Set(address, size, marks);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Remove(BlockMap* map, BlockEntry* entry)
    {
        map->_count--;
        var hole = (nuint)(entry - map->_entries);
        for (var next = (hole + 1) & map->_mask; map->_entries[next].Address != 0; next = (next + 1) & map->_mask)
        {
            // An entry whose home lies cyclically in (hole, next] is reached without passing the hole.
            var home = Home(map, map->_entries[next].Address);
            if (((next - home) & map->_mask) < ((next - hole) & map->_mask))
                continue;
            map->_entries[hole] = map->_entries[next];
            hole = next;
        }
        map->_entries[hole].Address = 0;
    }

    public static void Clear(BlockMap* map)
    {
        if (map->_entries == null)
            return;
        if (map->_mask >= LargestKept)
        {
            PrivateMemory.GiveBack(map->_entries, (map->_mask + 1) * (nuint)sizeof(BlockEntry));
            map->_entries = null;
            map->_mask = 0;
        }
        else if (map->_count != 0)
        {
            Libc.memset(map->_entries, 0, (map->_mask + 1) * (nuint)sizeof(BlockEntry));
        }
        map->_count = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint Home(BlockMap* map, nuint address) => (nuint)((ulong)(address >> GrainShift) * 0x9E37_79B9_7F4A_7C15 >> map->_homeShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static BlockEntry* Place(BlockMap* map, nuint address)
    {
        var index = Home(map, address);
        while (map->_entries[index].Address != 0 && map->_entries[index].Address != address)
            index = (index + 1) & map->_mask;
        return map->_entries + index;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Grow(BlockMap* map)
    {
        var old = map->_entries;
        var oldCapacity = old == null ? 0 : map->_mask + 1;
        var capacity = old == null ? FirstCapacity : oldCapacity * 2;
        var entries = (BlockEntry*)PrivateMemory.Pages(capacity * (nuint)sizeof(BlockEntry));
        if (entries == null)
            return false;
        map->_entries = entries;
        map->_mask = capacity - 1;
        map->_homeShift = old == null ? FirstHomeShift : map->_homeShift - 1;
        for (nuint index = 0; index < oldCapacity; index++)
            if (old[index].Address != 0)
                *Place(map, old[index].Address) = old[index];
        if (old != null)
            PrivateMemory.GiveBack(old, oldCapacity * (nuint)sizeof(BlockEntry));
        return true;
    }
}
