using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Hognose.Columns;

namespace Hognose.Recording.Ledger;

/// <summary>
/// Address → live block, in native memory: open addressing, linear probing, deletion by shifting back, at most half full.
/// The hash is Fibonacci's (Knuth, vol. 3, 6.4): blocks of a pool, at even distances, fall nearly evenly over the table, with 1.1 looks each where it is half full
/// (LiveBlockMapTests); bits from the middle of the product took 8. Keeping neighbours together (blocks of a pool in a page of the table) was tried: pools of small blocks make
/// runs of hundreds of slots, runs collide, and two million blocks took minutes. The misses that mixing costs are hidden by prefetching for events ahead.
/// </summary>
internal sealed unsafe class LiveBlockMap : IDisposable
{
    public const ulong AddressMask = (1UL << 48) - 1;

    private const int FirstSlots = 1 << 14;

    /// <summary>3 MiB: what is smaller would grow by more than it gains.</summary>
    private const ulong SlotsOfHugePages = 1 << 17;
    private const int GrainShift = 4;
    private const int CacheLine = 64;

    private readonly Dictionary<ulong, ulong> _large = [];
    private LiveBlock* _slots;
    private ulong _mask;

    /// <summary>Leaves the upper bits of the product, the only ones that all bits of an address go into, as the number of a slot.</summary>
    private int _homeShift;

    public LiveBlockMap()
    {
        _slots = Allocate(FirstSlots);
        SetMask(FirstSlots - 1);
    }

    public long Count { get; private set; }

    /// <summary>All of them, as they are now.</summary>
    public LiveBlocks Copy() => new(ToArray(), new Dictionary<ulong, ulong>(_large));

    /// <summary>The caller fills in what is not a parameter, before anything else is added. null: something lives at the address.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="stack">That allocated it.</param>
    /// <param name="thread">That allocated it.</param>
    public LiveBlock* Add(ulong address, ulong size, uint stack, ushort thread)
    {
        var slot = Find(address);
        if (slot->Key != 0)
            return null;
        if ((ulong)++Count > _mask / 2)
        {
            Grow();
            slot = Find(address);
        }
        slot->Key = address | ((ulong)thread << 48);
        slot->Stack = stack;
        slot->Size = size < LiveBlock.SizeElsewhere ? (uint)size : LiveBlock.SizeElsewhere;
        if (size >= LiveBlock.SizeElsewhere)
            _large[address] = size;
        return slot;
    }

    private LiveBlock[] ToArray()
    {
        var blocks = new LiveBlock[Count];
        var count = 0;
        for (ulong i = 0; i <= _mask; i++)
            if (_slots[i].Key != 0)
                blocks[count++] = _slots[i];
        return blocks;
    }

    public bool Contains(ulong address) => Find(address)->Key != 0;

    /// <summary>False: nothing is known to live there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
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

    /// <summary>Asks for the slot's cache line ahead of its use, and for the next: slots lie across lines, and where one is taken the next is looked at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong address)
    {
        if (!Sse.IsSupported)
            return;
        var line = (byte*)(_slots + Home(address));
        Sse.Prefetch0(line);
        Sse.Prefetch0(line + CacheLine);
    }

    public void Dispose()
    {
        NativeMemory.Free(_slots);
        _slots = null;
    }

    /// <summary>Where the look for an address begins in a table of 2^(64 - <paramref name="shift"/>) slots.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Home(ulong address, int shift) => ((address >> GrainShift) * 0x9E3779B97F4A7C15) >> shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Home(ulong address) => Home(address, _homeShift);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LiveBlock* Find(ulong address)
    {
        var slot = Home(address);
        while (_slots[slot].Key != 0 && _slots[slot].Address != address)
            slot = (slot + 1) & _mask;
        return _slots + slot;
    }

    /// <summary>Closes the gap: every later entry of the cluster that may move nearer to its home does (Knuth, vol. 3, 6.4, algorithm R).</summary>
    private void Remove(ulong gap)
    {
        for (var next = (gap + 1) & _mask; _slots[next].Key != 0; next = (next + 1) & _mask)
        {
            var home = Home(_slots[next].Address);
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
        SetMask((oldMask * 2) + 1);
        for (ulong i = 0; i <= oldMask; i++)
            if (old[i].Key != 0)
                *Find(old[i].Address) = old[i];
        NativeMemory.Free(old);
    }

    private void SetMask(ulong mask)
    {
        _mask = mask;
        _homeShift = BitOperations.LeadingZeroCount(mask);
    }

    // calloc maps so much anew: no page of it was touched yet.
    private static LiveBlock* Allocate(ulong slots)
    {
        var table = (LiveBlock*)NativeMemory.AllocZeroed((nuint)slots, (nuint)sizeof(LiveBlock));
        if (slots >= SlotsOfHugePages)
            HugePages.Prefer((byte*)table, slots * (ulong)sizeof(LiveBlock));
        return table;
    }
}
