using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hognose.Diagnostics;
using Hognose.Heap;

namespace Hognose.CPython.Walk;

/// <summary>
/// What one object refers to, as raw words: the target's address in the low 62 bits, the <see cref="EdgeKind"/> above. Readers append,
/// the walk drains. One a worker.
/// </summary>
internal sealed unsafe class EdgeBuffer : IDisposable
{
    private const int KindShift = 62;
    private ulong* _items;
    private int _capacity = 1024;
    private long _empty;

    public EdgeBuffer() => _items = (ulong*)NativeMemory.Alloc((nuint)_capacity, sizeof(ulong));

    public int Count { get; private set; }

    /// <summary>Places that were looked at since <see cref="Clear"/>, empty ones included.</summary>
    public long Looked => Count + _empty;

    public ReadOnlySpan<ulong> Items => new(_items, Count);

    public static ulong AddressOf(ulong item) => item & ((1ul << KindShift) - 1);

    public static EdgeKind KindOf(ulong item) => (EdgeKind)(item >> KindShift);

    public void Clear()
    {
        Count = 0;
        _empty = 0;
    }

    /// <summary>Null is no edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong address, EdgeKind kind)
    {
        if (address == 0)
        {
            _empty++;
            return;
        }
        if (Count == _capacity)
            Grow(Count + 1L);
        _items[Count++] = (address & ((1ul << KindShift) - 1)) | ((ulong)kind << KindShift);
    }

    /// <summary>Adds <paramref name="count"/> pointers that stand in a row.</summary>
    public void AddAll(ulong* pointers, long count, EdgeKind kind)
    {
        if (Count + count > _capacity)
            Grow(Count + count);
        var next = Count;
        for (long i = 0; i < count; i++)
            if (pointers[i] != 0)
                _items[next++] = (pointers[i] & ((1ul << KindShift) - 1)) | ((ulong)kind << KindShift);
        _empty += count - (next - Count);
        Count = next;
    }

    public void Dispose()
    {
        NativeMemory.Free(_items);
        _items = null;
    }

    private void Grow(long needed)
    {
        if (needed > Array.MaxLength)
            throw new CannotContinueException($"an object has {needed:N0} references, more than fit", "try again: it may have been read while it changed");
        _capacity = (int)Math.Max(needed, Math.Min(_capacity * 2L, Array.MaxLength));
        _items = (ulong*)NativeMemory.Realloc(_items, checked((nuint)_capacity * sizeof(ulong)));
    }
}
