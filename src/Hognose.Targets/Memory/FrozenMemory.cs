using System.Runtime.InteropServices;
using Hognose.Diagnostics;

namespace Hognose.Targets.Memory;

/// <summary>
/// A copy of a target's memory at one instant, addressed as the target addresses it.
/// The address space is mirrored by windows of 512 GiB (<c>address >> 39</c>): within a window, byte <c>a</c> of the target stands at
/// <c>base + (a - low)</c> of ours, reserved but not committed where nothing was copied. Translation is a table look-up, an addition and a
/// comparison, so a graph walk of ten million objects costs no region search. Pages inside a window that were never copied read as zero:
/// a wild pointer cannot fault, and callers treat a zero type pointer as "no object".
/// </summary>
public sealed unsafe class FrozenMemory : IMemoryReader, IDisposable
{
    private const int WindowShift = 39;
    private const int WindowCount = 256;
    private const int ProtReadWrite = 3;
    private const int MapPrivateAnonymousNoReserve = 0x2 | 0x20 | 0x4000;

    private readonly Window[] _windows = new Window[WindowCount];

    /// <summary>Reserves, for each window, the span from <c>Low</c> to <c>High</c>; costs address space, not memory.</summary>
    /// <param name="spans">Non-overlapping or overlapping [low, high) spans that will be written; those of one window are merged.</param>
    /// <exception cref="CannotContinueException">The address space of ours is limited (<c>ulimit -v</c>).</exception>
    public FrozenMemory(IEnumerable<(TargetAddress Low, TargetAddress High)> spans)
    {
        foreach (var (low, high) in spans)
            Widen(low.Value, high.Value);
        for (var i = 0; i < WindowCount; i++)
            if (_windows[i].High > _windows[i].Low)
                _windows[i].Base = Reserve(_windows[i].High - _windows[i].Low);
    }

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

    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        var source = Translate(address.Value, (ulong)destination.Length);
        if (source == null)
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

    public void Dispose()
    {
        for (var i = 0; i < WindowCount; i++)
        {
            if (_windows[i].Base != null)
                _ = munmap(_windows[i].Base, (nuint)(_windows[i].High - _windows[i].Low));
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

    private static byte* Reserve(ulong length)
    {
        var address = mmap(null, (nuint)length, ProtReadWrite, MapPrivateAnonymousNoReserve, -1, 0);
        return address != (byte*)-1
            ? address
            : throw new CannotContinueException(
                $"cannot reserve {length} bytes of address space to mirror the target",
                "raise the limit on address space (ulimit -v)");
    }

    [DllImport("libc", SetLastError = true)]
    private static extern byte* mmap(byte* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", SetLastError = true)]
    private static extern int munmap(byte* address, nuint length);

    private struct Window
    {
        public ulong Low;
        public ulong High;
        public byte* Base;
    }
}
