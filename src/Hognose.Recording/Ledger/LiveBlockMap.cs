using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Hognose.Recording.Ledger;

/// <summary>
/// Address → live block, in native memory: open addressing, linear probing, deletion by shifting back, at most half full.
/// The hash mixes all but the lowest bits, which keep neighbours in one cache line. Keeping more of them together (blocks of a pool in a page of the
/// table) was tried: pools of small blocks make runs of hundreds of slots, runs collide, and two million blocks took minutes. The misses that mixing
/// costs are hidden by prefetching for events ahead.
/// </summary>
internal sealed unsafe class LiveBlockMap : IDisposable
{
    public const ulong AddressMask = (1UL << 48) - 1;

    private const int FirstSlots = 1 << 14;
    private const int GrainShift = 4;
    private const int LineShift = 6;
    private const int SlotsPerLine = 4;

    private readonly Dictionary<ulong, ulong> _large = [];
    private LiveBlock* _slots;
    private ulong _mask;

    public LiveBlockMap()
    {
        _slots = Allocate(FirstSlots);
        _mask = FirstSlots - 1;
    }

    public long Count { get; private set; }

    public ulong SizeOf(in LiveBlock block) =>
        block.Size != LiveBlock.SizeElsewhere ? block.Size : _large.GetValueOrDefault(block.Address);

    /// <summary>Adds or replaces. True: the address was live, and <paramref name="replaced"/> is what it held, of <paramref name="replacedSize"/> bytes.</summary>
    public bool Put(ulong address, ulong size, uint stack, ushort thread, out LiveBlock replaced, out ulong replacedSize)
    {
        var slot = Find(address);
        var was = slot->Key != 0;
        replaced = *slot;
        replacedSize = was ? SizeOf(replaced) : 0;
        slot->Key = address | ((ulong)thread << 48);
        slot->Stack = stack;
        slot->Size = size < LiveBlock.SizeElsewhere ? (uint)size : LiveBlock.SizeElsewhere;
        if (size >= LiveBlock.SizeElsewhere)
            _large[address] = size;
        if (!was && (ulong)++Count > _mask / 2)
            Grow();
        return was;
    }

    public bool Contains(ulong address) => Find(address)->Key != 0;

    /// <summary>False: nothing is known to live there.</summary>
    public bool Take(ulong address, out LiveBlock block, out ulong size)
    {
        var slot = Find(address);
        block = *slot;
        size = block.Size;
        if (block.Key == 0)
            return false;
        if (block.Size == LiveBlock.SizeElsewhere && _large.Remove(address, out var large))
            size = large;
        Remove((ulong)(slot - _slots));
        Count--;
        return true;
    }

    /// <summary>Asks for the slot's cache line ahead of its use.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong address)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(_slots + (Home(address) & _mask));
    }

    /// <summary>All that lives, ascending by address: addresses, bytes, stack nodes.</summary>
    public (ulong[] Addresses, long[] Sizes, uint[] Nodes) ToColumns()
    {
        var addresses = new ulong[Count];
        var slots = new ulong[Count];
        var count = 0;
        for (ulong slot = 0; slot <= _mask; slot++)
        {
            if (_slots[slot].Key == 0)
                continue;
            addresses[count] = _slots[slot].Address;
            slots[count++] = slot;
        }
        Array.Sort(addresses, slots);
        return (addresses, Array.ConvertAll(slots, slot => (long)SizeOf(_slots[slot])), Array.ConvertAll(slots, slot => _slots[slot].Stack));
    }

    public void Dispose()
    {
        NativeMemory.Free(_slots);
        _slots = null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Home(ulong address) =>
        (((address >> LineShift) * 0x9E3779B97F4A7C15) >> 32 << 2) | ((address >> GrainShift) & (SlotsPerLine - 1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LiveBlock* Find(ulong address)
    {
        var slot = Home(address) & _mask;
        while (_slots[slot].Key != 0 && _slots[slot].Address != address)
            slot = (slot + 1) & _mask;
        return _slots + slot;
    }

    /// <summary>Closes the gap: every later entry of the cluster that may move nearer to its home does (Knuth, vol. 3, 6.4, algorithm R).</summary>
    private void Remove(ulong gap)
    {
        for (var next = (gap + 1) & _mask; _slots[next].Key != 0; next = (next + 1) & _mask)
        {
            var home = Home(_slots[next].Address) & _mask;
            if (((next - home) & _mask) < ((next - gap) & _mask))
                continue;
            _slots[gap] = _slots[next];
            gap = next;
        }
        _slots[gap].Key = 0;
    }

    private void Grow()
    {
        var old = _slots;
        var oldMask = _mask;
        _slots = Allocate((oldMask + 1) * 2);
        _mask = (oldMask * 2) + 1;
        for (ulong i = 0; i <= oldMask; i++)
            if (old[i].Key != 0)
                *Find(old[i].Address) = old[i];
        NativeMemory.Free(old);
    }

    private static LiveBlock* Allocate(ulong slots) => (LiveBlock*)NativeMemory.AllocZeroed((nuint)slots, (nuint)sizeof(LiveBlock));
}
