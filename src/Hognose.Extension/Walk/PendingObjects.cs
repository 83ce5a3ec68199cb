using System.Numerics;
using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>
/// Objects that were seen and whose references were not: a stack of bounded size, and beyond it bits beside those of the set. A list of a
/// million lists so costs no more memory than a list nested a million deep.
/// </summary>
internal unsafe struct PendingObjects
{
    private const int Capacity = 16 * 1024;
    private const nuint StackBytes = Capacity * 8;

    private PyObject** _stack;
    private int _depth;
    private nuint _waiting;

    /// <summary>Static objects may lie at odd multiples of 8, which bits cannot tell; there are thousands at most.</summary>
    private PyObject** _odd;
    private nuint _oddCount;
    private nuint _oddCapacity;
    private AddressChunk* _sweep;
    private int _word;

    public static nuint Bytes(PendingObjects* pending) => StackBytes + (pending->_oddCapacity * 8);

    public static bool Open(PendingObjects* pending) => (pending->_stack = (PyObject**)PrivateMemory.Pages(StackBytes)) != null;

    public static void Free(PendingObjects* pending)
    {
        if (pending->_stack != null)
            PrivateMemory.GiveBack(pending->_stack, StackBytes);
        if (pending->_odd != null)
            PrivateMemory.GiveBack(pending->_odd, pending->_oddCapacity * 8);
    }

    /// <summary>False: no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Push(PendingObjects* pending, PyObject* item, AddressChunk* chunk)
    {
        if (pending->_depth == Capacity)
            return PutAside(pending, item, chunk);
        pending->_stack[pending->_depth++] = item;
        return true;
    }

    public static PyObject* Pop(PendingObjects* pending, AddressSet* set)
    {
        if (pending->_depth > 0)
            return pending->_stack[--pending->_depth];
        if (pending->_oddCount > 0)
            return pending->_odd[--pending->_oddCount];
        return pending->_waiting == 0 ? null : NextWaiting(pending, set);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool PutAside(PendingObjects* pending, PyObject* item, AddressChunk* chunk)
    {
        if (((nuint)item & 15) != 0)
            return PutOdd(pending, item);
        var unit = AddressSet.Unit((nuint)item);
        chunk->Waiting[unit >> 6] |= 1UL << (int)(unit & 63);
        chunk->Pending++;
        pending->_waiting++;
        return true;
    }

    private static bool PutOdd(PendingObjects* pending, PyObject* item)
    {
        if (pending->_oddCount == pending->_oddCapacity)
        {
            var capacity = pending->_oddCapacity == 0 ? 512 : pending->_oddCapacity * 2;
            var wider = (PyObject**)PrivateMemory.Pages(capacity * 8);
            if (wider == null)
                return false;
            if (pending->_odd != null)
            {
                Libc.memmove(wider, pending->_odd, pending->_oddCount * 8);
                PrivateMemory.GiveBack(pending->_odd, pending->_oddCapacity * 8);
            }
            pending->_odd = wider;
            pending->_oddCapacity = capacity;
        }
        pending->_odd[pending->_oddCount++] = item;
        return true;
    }

    /// <summary>Goes round the chunks, staying in one as long as something waits there: what lies together is walked together.</summary>
    private static PyObject* NextWaiting(PendingObjects* pending, AddressSet* set)
    {
        while (true)
        {
            if (pending->_sweep == null || pending->_sweep->Pending == 0)
            {
                pending->_sweep = pending->_sweep == null || pending->_sweep->Next == null ? set->First : pending->_sweep->Next;
                pending->_word = 0;
                continue;
            }
            var chunk = pending->_sweep;
            var bits = chunk->Waiting[pending->_word];
            if (bits == 0)
            {
                pending->_word = (pending->_word + 1) & (AddressChunk.Words - 1);
                continue;
            }
            chunk->Waiting[pending->_word] = bits & (bits - 1);
            chunk->Pending--;
            pending->_waiting--;
            var unit = ((nuint)pending->_word << 6) + (nuint)BitOperations.TrailingZeroCount(bits);
            return (PyObject*)((chunk->Region << AddressChunk.Shift) + (unit << AddressChunk.UnitShift));
        }
    }
}
