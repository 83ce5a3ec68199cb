using System.Numerics;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>Bytes of a container's storage beyond the least that its items need.</summary>
internal sealed unsafe class UnusedStorage(WalkContext context, DictShape dicts)
{
    /// <summary>PyDict_MINSIZE and PySet_MINSIZE.</summary>
    private const long SmallestTable = 8;

    private readonly int _size = context.Layout.PyVarObject.ob_size;
    private readonly int _allocated = context.Layout.PyListObject.allocated;
    private readonly int _byteArrayAllocated = context.Layout.PyByteArrayObject.ob_alloc;
    private readonly int _used = context.Layout.PySetObject.used;
    private readonly int _mask = context.Layout.PySetObject.mask;
    private readonly int _setEntry = context.Layout.SetEntry.Size;

    public long OfList(byte* at) => 8 * (*(long*)(at + _allocated) - *(long*)(at + _size));

    /// <summary>A byte stands behind the last one.</summary>
    public long OfByteArray(byte* at) => *(long*)(at + _byteArrayAllocated) - *(long*)(at + _size) - 1;

    /// <summary>A table shared by instances of a class is the class's.</summary>
    public long OfDict(byte* at)
    {
        if (*(ulong*)(at + dicts.MaValues) != 0 || !dicts.TryKeys(*(ulong*)(at + dicts.MaKeys), out var keys) || keys.ReferenceCount != 1)
            return 0;
        var used = *(long*)(at + dicts.MaUsed);
        return TableBytes(TableFor(keys.Usable + keys.Count), keys.EntrySize) - TableBytes(TableFor(used), keys.EntrySize);
    }

    /// <summary>The table is filled to three fifths at most; the smallest stands within the object (Objects/setobject.c).</summary>
    public long OfSet(byte* at)
    {
        var table = *(long*)(at + _mask) + 1;
        var used = *(long*)(at + _used);
        if (table <= SmallestTable || used < 0 || used > table)
            return 0;
        var needed = SmallestTable;
        while (needed < table && used * 5 >= (needed - 1) * 3)
            needed *= 2;
        return (table - (needed == SmallestTable ? 0 : needed)) * _setEntry;
    }

    /// <summary>The smallest power of two of which two thirds are so many entries (USABLE_FRACTION).</summary>
    private static long TableFor(long entries)
    {
        if (entries is < 0 or > 1L << 40)
            return SmallestTable;
        var table = Math.Max(SmallestTable, (long)BitOperations.RoundUpToPowerOf2((ulong)(entries + entries / 2)));
        return (table << 1) / 3 >= entries ? table : table * 2;
    }

    /// <summary>Indices of 1, 2, 4 or 8 bytes, and entries.</summary>
    private static long TableBytes(long table, int entrySize) =>
        table * (table <= 0x80 ? 1 : table <= 0x8000 ? 2 : table <= 0x80000000 ? 4 : 8) + (table << 1) / 3 * entrySize;
}
