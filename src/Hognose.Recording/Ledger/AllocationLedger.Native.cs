using Hognose.Formats.Ring;

namespace Hognose.Recording.Ledger;

/// <summary>What C code allocates: blocks as everybody's, mappings by their pages; and what of it is not seen, which is no contradiction.</summary>
public sealed unsafe partial class AllocationLedger
{
    private readonly LiveMappings _mappings = new();
    private byte[] _isNative = new byte[1024];
    private int _mappingsTouched;

    /// <summary>Blocks that C code freed and whose allocation was not seen: made before recording, by the loader, by a library's constructors.</summary>
    public long NativeUnknownFrees { get; private set; }

    /// <summary>Blocks that C code allocated and whose free was not seen: the address was given out anew.</summary>
    public long NativeUnseenFrees { get; private set; }

    internal IReadOnlyList<LiveMapping> Mappings => _mappings.All;

    private void NoteNative(uint stack)
    {
        if (stack >= _isNative.Length)
            Array.Resize(ref _isNative, (int)Math.Max(stack + 1, _isNative.Length * 2L));
        _isNative[stack] = 1;
    }

    private bool CountReplaced(in AllocationEvent e, uint replacedStack)
    {
        var isNative = e.Domain == AllocatorDomain.Native || (replacedStack < _isNative.Length && _isNative[replacedStack] != 0);
        if (isNative)
            NativeUnseenFrees++;
        else
            DuplicateAllocations++;
        return isNative;
    }

    private void CountUnknown(in AllocationEvent e)
    {
        var isNative = e.Domain is AllocatorDomain.Native or AllocatorDomain.Mapping;
        if (isNative)
            NativeUnknownFrees++;
        else
            UnknownFrees++;
        Events?.UnknownFree(isNative);
    }

    private void TakeBackUnknown(in AllocationEvent e)
    {
        var isNative = e.Domain == AllocatorDomain.Native;
        if (isNative)
            NativeUnknownFrees--;
        else
            UnknownFrees--;
        Events?.UnknownMoveFailed(isNative);
    }

    private void Map(in AllocationEvent e)
    {
        var stack = e.Stack < _stackLimit ? e.Stack : 0;
        _mappings.Cut(e.Address, e.Size, Touched);
        var slot = Events?.Allocate(stack, e.Size, (int)e.Domain, e.Thread) ?? 0;
        _mappings.Add(LiveMapping.Of(e.Address, e.Size, stack) with { Thread = e.Thread, Slot = slot, BornMilliseconds = Now / NanosecondsPerMillisecond });
        Count(in e, (long)e.Size);
        ref var thread = ref _threads[e.Thread];
        thread.Last = e.Address;
        thread.LiveBytes += (long)e.Size;
        var counter = Touch(stack);
        counter->TotalBytes += (long)e.Size;
        counter->TotalBlocks++;
        Add(counter, e.Size);
    }

    private void Unmap(in AllocationEvent e)
    {
        _mappingsTouched = 0;
        _mappings.Cut(e.Address, e.Size, Touched);
        if (_mappingsTouched > 0 || e.Size == 0)
            return;
        Frees++;
        CountUnknown(in e);
    }

    /// <summary>Returns the slot of what is left behind the cut.</summary>
    private uint Touched(LiveMapping mapping, long left, long right)
    {
        _mappingsTouched++;
        var counter = Touch(mapping.Stack);
        ref var thread = ref _threads[mapping.Thread];
        var gone = mapping.Bytes - left - right;
        counter->LiveBytes -= gone;
        HeapBytes -= gone;
        thread.LiveBytes -= gone;
        var isLast = thread.Last == mapping.Start;
        if (isLast)
            thread.Last = 0;
        if (left + right > 0)
        {
            counter->LiveBlocks += left > 0 && right > 0 ? 1u : 0;
            return Events?.Cut(mapping.Slot, left, right) ?? mapping.Slot;
        }
        counter->LiveBlocks--;
        Frees++;
        Events?.Free(mapping.Slot);
        if (isLast)
        {
            TemporaryAllocations++;
            counter->TemporaryBlocks++;
            counter->TemporaryBytes += mapping.Bytes;
        }
        return mapping.Slot;
    }
}
