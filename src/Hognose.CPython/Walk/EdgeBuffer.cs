using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    public EdgeBuffer() => _items = (ulong*)NativeMemory.Alloc((nuint)_capacity, sizeof(ulong));

    public int Count { get; private set; }

    public ReadOnlySpan<ulong> Items => new(_items, Count);

    public static ulong AddressOf(ulong item) => item & ((1ul << KindShift) - 1);

    public static EdgeKind KindOf(ulong item) => (EdgeKind)(item >> KindShift);

    public void Clear() => Count = 0;

    /// <summary>Null is no edge.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong address, EdgeKind kind)
    {
        if (address == 0)
            return;
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
        Count = next;
    }

    public void Dispose()
    {
        NativeMemory.Free(_items);
        _items = null;
    }

    private void Grow(long needed)
    {
        _capacity = checked((int)Math.Max(needed, Math.Min(_capacity * 2L, Array.MaxLength)));
        _items = (ulong*)NativeMemory.Realloc(_items, checked((nuint)_capacity * sizeof(ulong)));
    }
}
