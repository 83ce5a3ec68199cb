using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Memory;

/// <summary>
/// A copy of a target's memory at one instant, addressed as the target addresses it.
/// The address space is mirrored by windows of 512 GiB (<c>address >> 39</c>): within a window, byte <c>a</c> of the target stands at
/// <c>base + (a - low)</c> of ours, reserved but not committed where nothing was copied. Translation is a table look-up, an addition and a
/// comparison, so a graph walk of ten million objects costs no region search. Pages inside a window that were never copied read as zero:
/// a wild pointer cannot fault, and callers treat a zero type pointer as "no object". Which bytes of the target are lacking is listed in
/// <see cref="Missing"/>.
/// </summary>
public sealed unsafe class FrozenMemory : IMemoryReader, IDisposable
{
    private const int WindowShift = 39;
    private const int WindowCount = 256;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x2 | 0x20 | 0x4000;

    /// <summary>Ours and the target's addresses agree modulo this, so that a huge page of the target's can be one of ours.</summary>
    private const ulong HugePage = 2 << 20;

    private readonly Window[] _windows = new Window[WindowCount];
    private readonly List<MissingRange> _missing = [];

    /// <summary>Reserves, for each window, the span from <c>Low</c> to <c>High</c>; costs address space, not memory.</summary>
    /// <param name="spans">Non-overlapping or overlapping [low, high) spans that will be written; those of one window are merged.</param>
    /// <param name="slack">Bytes reserved on either side of each window's span, for what the target maps before it is stopped.</param>
    /// <exception cref="CannotContinueException">The address space of ours is limited (<c>ulimit -v</c>).</exception>
    public FrozenMemory(IEnumerable<(TargetAddress Low, TargetAddress High)> spans, ulong slack = 0)
    {
        foreach (var (low, high) in spans)
            Widen(low.Value, high.Value);
        for (var i = 0; i < WindowCount; i++)
            if (_windows[i].High > _windows[i].Low)
                Reserve(ref _windows[i], (ulong)i << WindowShift, slack);
    }

    /// <summary>What the target has and this copy lacks, ascending.</summary>
    public IReadOnlyList<MissingRange> Missing => _missing;

    /// <summary>Our pointer to <paramref name="length"/> bytes of the target, or null when they lie outside every window.</summary>
    public byte* Translate(ulong address, ulong length)
    {
        var slot = address >> WindowShift;
        if (slot >= WindowCount)
            return null;
        ref readonly var window = ref _windows[slot];
        if (address < window.Low || address >= window.High || length > window.High - address)
            return null;
        return window.Base + (address - window.Low);
    }

    /// <summary>
    /// Puts pages of a file to their place in the mirror, without reading them; both must be whole pages. What a walk writes there stays ours.
    /// </summary>
    /// <returns>False when they lie outside every window or the kernel has no room for one more mapping (vm.max_map_count).</returns>
    internal bool TryMap(ulong address, ulong length, int descriptor, ulong offset)
    {
        const int mapPrivateFixed = 0x2 | 0x10;
        var place = Translate(address, length);
        return place != null && LibC.mmap(place, (nuint)length, ProtReadWrite, mapPrivateFixed, descriptor, (nint)offset) == place;
    }

    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        var source = Translate(address.Value, (ulong)destination.Length);
        if (source == null || IsMissing(address, (ulong)destination.Length))
            return false;
        new ReadOnlySpan<byte>(source, destination.Length).CopyTo(destination);
        return true;
    }

    public bool TryReadPointer(TargetAddress address, out TargetAddress value)
    {
        var source = Translate(address.Value, 8);
        value = source == null ? TargetAddress.Null : new TargetAddress(*(ulong*)source);
        return source != null;
    }

    /// <summary>Whether any of the bytes is known to be lacking; unlike a read through <see cref="Translate"/>, which sees zeros there.</summary>
    public bool IsMissing(TargetAddress address, ulong length)
    {
        var low = 0;
        var high = _missing.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_missing[middle].High <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _missing.Count && _missing[low].Low.Value < address.Value + length;
    }

    /// <summary>Notes what could not be copied. Sorts once; call it when the copy is complete.</summary>
    public void MarkMissing(IEnumerable<MissingRange> ranges)
    {
        _missing.AddRange(ranges);
        _missing.Sort((a, b) => a.Low.CompareTo(b.Low));
    }

    public void Dispose()
    {
        for (var i = 0; i < WindowCount; i++)
        {
            if (_windows[i].Reserved != null)
                _ = LibC.munmap(_windows[i].Reserved, (nuint)_windows[i].ReservedLength);
            _windows[i] = default;
        }
    }

    private void Widen(ulong low, ulong high)
    {
        const ulong page = 4095;
        low &= ~page;
        high = (high + page) & ~page;
        while (low < high && low >> WindowShift < WindowCount)
        {
            ref var window = ref _windows[low >> WindowShift];
            var end = Math.Min(high, ((low >> WindowShift) + 1) << WindowShift);
            window.Low = window.High == 0 ? low : Math.Min(window.Low, low);
            window.High = Math.Max(window.High, end);
            low = end;
        }
    }

    private static void Reserve(ref Window window, ulong slotLow, ulong slack)
    {
        var slotHigh = slotLow + (1UL << WindowShift);
        window.Low = window.Low - slotLow > slack ? window.Low - slack : slotLow;
        window.High = slotHigh - window.High > slack ? window.High + slack : slotHigh;
        window.ReservedLength = window.High - window.Low + (2 * HugePage);
        window.Reserved = LibC.mmap(null, (nuint)window.ReservedLength, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        if (window.Reserved == (byte*)-1)
        {
            window.Reserved = null;
            throw new CannotContinueException(
                $"cannot reserve {window.ReservedLength} bytes of address space to mirror the target "
                + $"({Errno.Describe(Errno.Last)})",
                "raise the limit on address space (ulimit -v) or allow overcommit (vm.overcommit_memory)");
        }
        var skew = unchecked(window.Low - (ulong)window.Reserved) % HugePage;
        window.Base = window.Reserved + skew;
    }

    private struct Window
    {
        public ulong Low;
        public ulong High;
        public byte* Base;
        public byte* Reserved;
        public ulong ReservedLength;
    }
}
