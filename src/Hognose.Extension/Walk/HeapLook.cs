using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>An object as it was: three words, none of which is followed later.</summary>
internal unsafe struct LookEntry
{
    public PyObject* Item;
    public PyTypeObject* Type;
    public nint Size;
}

/// <summary>
/// Which objects there were, in order of their addresses; lives in a capsule and holds none of them. One that took the place of another
/// of its type is taken for it.
/// </summary>
internal unsafe struct HeapLook
{
    private const nuint FirstCapacity = 16 * 1024;
    private const int DigitBits = 11;
    private const nuint Digits = 1 << DigitBits;

    /// <summary>No two objects share 16 bytes, and addresses have 47 bits.</summary>
    private const int FirstBit = 4;
    private const int LastBit = 47;

    public LookEntry* Entries;
    public nuint Count;
    private nuint _capacity;

    private static ReadOnlySpan<byte> Name => "hognose._hognose.look"u8;

    /// <summary>A new capsule; null with Python's error set.</summary>
    public static PyObject* NewCapsule()
    {
        var look = (HeapLook*)PrivateMemory.Pages((nuint)sizeof(HeapLook));
        if (look == null)
            return PythonValues.OutOfMemory();
        var capsule = ExtensionModule.Python->NewCapsule(look, Text.C(Name), &Free);
        if (capsule == null)
            PrivateMemory.GiveBack(look, (nuint)sizeof(HeapLook));
        return capsule;
    }

    /// <summary>Null with Python's error set: no such capsule.</summary>
    public static HeapLook* Of(PyObject* capsule) => (HeapLook*)ExtensionModule.Python->CapsulePointer(capsule, Text.C(Name));

    /// <summary>False: no memory left.</summary>
    public static bool Add(HeapLook* look, PyObject* item, nint size)
    {
        if (look->Count == look->_capacity && !Grow(look))
            return false;
        var entry = look->Entries + look->Count++;
        entry->Item = item;
        entry->Type = item->Type;
        entry->Size = size;
        return true;
    }

    public static bool AddCopy(HeapLook* look, LookEntry* entry)
    {
        if (look->Count == look->_capacity && !Grow(look))
            return false;
        look->Entries[look->Count++] = *entry;
        return true;
    }

    /// <summary>False: no memory left.</summary>
    public static bool SortByAddress(HeapLook* look) => Sort(look, byType: false);

    public static bool SortByType(HeapLook* look) => Sort(look, byType: true);

    public static void Empty(HeapLook* look)
    {
        if (look->Entries != null)
            PrivateMemory.GiveBack(look->Entries, look->_capacity * (nuint)sizeof(LookEntry));
        look->Entries = null;
        look->Count = look->_capacity = 0;
    }

    /// <summary>Radix sort: four passes, whatever the order.</summary>
    private static bool Sort(HeapLook* look, bool byType)
    {
        if (look->Count < 2)
            return true;
        var bytes = look->_capacity * (nuint)sizeof(LookEntry);
        var other = (LookEntry*)PrivateMemory.Pages(bytes);
        var starts = (nuint*)PrivateMemory.Pages(Digits * 8);
        var isPossible = other != null && starts != null;
        for (var bit = FirstBit; isPossible && bit < LastBit; bit += DigitBits)
        {
            Distribute(look->Entries, look->Count, other, starts, bit, byType);
            var sorted = other;
            other = look->Entries;
            look->Entries = sorted;
        }
        if (other != null)
            PrivateMemory.GiveBack(other, bytes);
        if (starts != null)
            PrivateMemory.GiveBack(starts, Digits * 8);
        return isPossible;
    }

    private static void Distribute(LookEntry* from, nuint count, LookEntry* to, nuint* starts, int bit, bool byType)
    {
        Libc.memset(starts, 0, Digits * 8);
        for (nuint index = 0; index < count; index++)
            starts[Digit(from + index, bit, byType)]++;
        nuint start = 0;
        for (nuint digit = 0; digit < Digits; digit++)
        {
            var of = starts[digit];
            starts[digit] = start;
            start += of;
        }
        for (nuint index = 0; index < count; index++)
            to[starts[Digit(from + index, bit, byType)]++] = from[index];
    }

    private static nuint Digit(LookEntry* entry, int bit, bool byType) => (byType ? (nuint)entry->Type : (nuint)entry->Item) >> bit & (Digits - 1);

    private static bool Grow(HeapLook* look)
    {
        var capacity = look->_capacity == 0 ? FirstCapacity : look->_capacity * 2;
        var entries = (LookEntry*)PrivateMemory.Pages(capacity * (nuint)sizeof(LookEntry));
        if (entries == null)
            return false;
        if (look->Entries != null)
        {
            Libc.memmove(entries, look->Entries, look->Count * (nuint)sizeof(LookEntry));
            PrivateMemory.GiveBack(look->Entries, look->_capacity * (nuint)sizeof(LookEntry));
        }
        look->Entries = entries;
        look->_capacity = capacity;
        return true;
    }

    private static void Free(PyObject* capsule)
    {
        var look = Of(capsule);
        Empty(look);
        PrivateMemory.GiveBack(look, (nuint)sizeof(HeapLook));
    }
}
