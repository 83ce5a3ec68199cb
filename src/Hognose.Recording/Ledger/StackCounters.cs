using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hognose.Recording.Ledger;

/// <summary>Counters by stack node, in native memory that grows; nodes come in the order of their ids.</summary>
internal sealed unsafe class StackCounters : IDisposable
{
    private const uint First = 4096;
    private const nuint CacheLine = 64;

    private StackCounter* _counters = Allocate(First);

    public uint Capacity { get; private set; } = First;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public StackCounter* Of(uint stack)
    {
        if (stack >= Capacity)
            Grow(stack);
        return _counters + stack;
    }

    public StackHolding[] Holdings()
    {
        var holdings = new StackHolding[Capacity];
        for (var stack = 0; stack < holdings.Length; stack++)
            holdings[stack] = new StackHolding(_counters[stack].LiveBytes, _counters[stack].LiveBlocks);
        return holdings;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_counters);
        _counters = null;
        Capacity = 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(uint stack)
    {
        var capacity = Math.Max(Capacity * 2, stack + 1);
        var counters = Allocate(capacity);
        NativeMemory.Copy(_counters, counters, Capacity * (nuint)sizeof(StackCounter));
        NativeMemory.AlignedFree(_counters);
        _counters = counters;
        Capacity = capacity;
    }

    private static StackCounter* Allocate(uint count)
    {
        var bytes = count * (nuint)sizeof(StackCounter);
        var counters = (StackCounter*)NativeMemory.AlignedAlloc(bytes, CacheLine);
        NativeMemory.Clear(counters, bytes);
        return counters;
    }
}
