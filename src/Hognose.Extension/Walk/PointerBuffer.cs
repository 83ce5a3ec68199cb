using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>A growing array of pointers in memory of our own. None of them is counted as a reference.</summary>
internal unsafe struct PointerBuffer
{
    private const nuint FirstCapacity = 512;

    public PyObject** Items;
    public nuint Count;
    private nuint _capacity;

    /// <summary>False: no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Add(PointerBuffer* buffer, PyObject* item)
    {
        if (buffer->Count == buffer->_capacity && !Grow(buffer))
            return false;
        buffer->Items[buffer->Count++] = item;
        return true;
    }

    public static void Free(PointerBuffer* buffer)
    {
        if (buffer->Items != null)
            PrivateMemory.GiveBack(buffer->Items, buffer->_capacity * 8);
        buffer->Items = null;
        buffer->Count = buffer->_capacity = 0;
    }

    private static bool Grow(PointerBuffer* buffer)
    {
        var capacity = buffer->_capacity == 0 ? FirstCapacity : buffer->_capacity * 2;
        var items = (PyObject**)PrivateMemory.Pages(capacity * 8);
        if (items == null)
            return false;
        if (buffer->Items != null)
        {
            Libc.memmove(items, buffer->Items, buffer->Count * 8);
            PrivateMemory.GiveBack(buffer->Items, buffer->_capacity * 8);
        }
        buffer->Items = items;
        buffer->_capacity = capacity;
        return true;
    }
}
