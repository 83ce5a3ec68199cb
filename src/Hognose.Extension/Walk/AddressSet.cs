using System.Runtime.CompilerServices;
using Hognose.Agent;

namespace Hognose.Extension.Walk;

/// <summary>A MiB of address space: one bit for each 16 bytes says "seen", another "seen, to be walked". No two objects share 16 bytes.</summary>
internal unsafe struct AddressChunk
{
    public const int Shift = 20;
    public const int UnitShift = 4;
    public const int Words = 1 << (Shift - UnitShift - 6);

    public nuint Region;
    public nuint Pending;
    public AddressChunk* Next;
    public fixed ulong Seen[Words];
    public fixed ulong Waiting[Words];
}

/// <summary>
/// The set of addresses that were seen: about one byte for an object of 64 bytes, whatever the order they come in.
/// </summary>
internal unsafe struct AddressSet
{
    private const nuint FirstTableEntries = 512;

    /// <summary>64 chunks; the kernel gives pages as they are written.</summary>
    private const nuint SlabBytes = 1024 * 1024;

    public AddressChunk* First;
    public nuint Bytes;
    private AddressChunk* _last;
    private AddressChunk** _table;
    private nuint _mask;
    private nuint _count;
    private byte* _slab;
    private nuint _slabLeft;
    private byte* _slabs;

    /// <summary>True: the address was not in the set. The chunk is null when there is no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Add(AddressSet* set, nuint address, AddressChunk** chunk)
    {
        var found = Chunk(set, address);
        *chunk = found;
        if (found == null)
            return false;
        var unit = Unit(address);
        var word = found->Seen + (unit >> 6);
        var bit = 1UL << (int)(unit & 63);
        if ((*word & bit) != 0)
            return false;
        *word |= bit;
        return true;
    }

    public static bool Has(AddressSet* set, nuint address)
    {
        if (set->_table == null || *Slot(set->_table, set->_mask, address >> AddressChunk.Shift) is var chunk && chunk == null)
            return false;
        var unit = Unit(address);
        return (chunk->Seen[unit >> 6] & 1UL << (int)(unit & 63)) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Unit(nuint address) => (address >> AddressChunk.UnitShift) & ((1 << (AddressChunk.Shift - AddressChunk.UnitShift)) - 1);

    public static void Free(AddressSet* set)
    {
        if (set->_table != null)
            PrivateMemory.GiveBack(set->_table, (set->_mask + 1) * (nuint)sizeof(AddressChunk*));
        for (var slab = set->_slabs; slab != null;)
        {
            var next = *(byte**)slab;
            PrivateMemory.GiveBack(slab, SlabBytes);
            slab = next;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static AddressChunk* Chunk(AddressSet* set, nuint address)
    {
        var last = set->_last;
        return last != null && last->Region == address >> AddressChunk.Shift ? last : FindChunk(set, address >> AddressChunk.Shift);
    }

    private static AddressChunk* FindChunk(AddressSet* set, nuint region)
    {
        if ((set->_table == null || set->_count * 2 > set->_mask) && !Grow(set))
            return null;
        var slot = Slot(set->_table, set->_mask, region);
        if (*slot == null)
        {
            *slot = NewChunk(set, region);
            set->_count++;
        }
        return set->_last = *slot;
    }

    private static AddressChunk** Slot(AddressChunk** table, nuint mask, nuint region)
    {
        var index = (nuint)((ulong)region * 0x9E37_79B9_7F4A_7C15 >> 32) & mask;
        while (table[index] != null && table[index]->Region != region)
            index = (index + 1) & mask;
        return table + index;
    }

    private static bool Grow(AddressSet* set)
    {
        var entries = set->_table == null ? FirstTableEntries : (set->_mask + 1) * 2;
        var bytes = entries * (nuint)sizeof(AddressChunk*);
        var table = (AddressChunk**)PrivateMemory.Pages(bytes);
        if (table == null)
            return false;
        for (var chunk = set->First; chunk != null; chunk = chunk->Next)
            *Slot(table, entries - 1, chunk->Region) = chunk;
        if (set->_table != null)
            PrivateMemory.GiveBack(set->_table, (set->_mask + 1) * (nuint)sizeof(AddressChunk*));
        set->_table = table;
        set->_mask = entries - 1;
        set->Bytes += bytes;
        return true;
    }

    private static AddressChunk* NewChunk(AddressSet* set, nuint region)
    {
        if (set->_slabLeft < (nuint)sizeof(AddressChunk) && !NewSlab(set))
            return null;
        var chunk = (AddressChunk*)set->_slab;
        set->_slab += sizeof(AddressChunk);
        set->_slabLeft -= (nuint)sizeof(AddressChunk);
        set->Bytes += (nuint)sizeof(AddressChunk);
        chunk->Region = region;
        chunk->Next = set->First;
        set->First = chunk;
        return chunk;
    }

    private static bool NewSlab(AddressSet* set)
    {
        var slab = PrivateMemory.Pages(SlabBytes);
        if (slab == null)
            return false;
        *(byte**)slab = set->_slabs;
        set->_slabs = slab;
        set->_slab = slab + 16;
        set->_slabLeft = SlabBytes - 16;
        return true;
    }
}
