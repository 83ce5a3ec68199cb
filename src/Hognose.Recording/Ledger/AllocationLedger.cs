using System.Runtime.CompilerServices;
using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Ring;
using Hognose.Recording.Summary;

namespace Hognose.Recording.Ledger;

/// <summary>
/// Follows events: what lives, what each stack holds, the high-water mark with every stack's share at that moment, temporary allocations.
/// The shares cost nothing extra: marks are numbered, and a counter that is about to change for the first time since the last mark first notes
/// what it held at it; a counter that never changed since holds the same still.
/// </summary>
public sealed unsafe partial class AllocationLedger : IDisposable
{
    private const int PrefetchDistance = 12;
    private const int ThreadCount = 1 << 16;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long ManyAllocations = 1 << 30;

    private readonly LiveBlockMap _live = new();
    private readonly StackCounters _stacks = new();

    private readonly ThreadTally[] _threads = new ThreadTally[ThreadCount];

    /// <summary>By thread: the block that its realloc under way gave up.</summary>
    private readonly MovingBlock[] _moving = new MovingBlock[ThreadCount];
    private readonly uint _stackLimit;
    private long _peakNumber;
    private long _now;
    private uint _nowMilliseconds;

    private readonly record struct MovingBlock(LiveBlock Block, ulong Size, AllocatorDomain Domain);

    /// <param name="stackLimit">Events that name a node from this on are taken for the empty stack: a target may write anything.</param>
    public AllocationLedger(uint stackLimit) => _stackLimit = stackLimit;

    /// <summary>Gets what is told here, for the file; null: only totals are kept.</summary>
    public EventEncoder? Events { get; set; }

    /// <summary>Nanoseconds since recording began; set by the follower before each batch.</summary>
    public long Now
    {
        get => _now;
        set
        {
            _now = value;
            _nowMilliseconds = (uint)(value / NanosecondsPerMillisecond);
        }
    }

    public long Allocations => Spread.Total.Allocations;

    public long Frees { get; private set; }

    public long AllocatedBytes => Spread.Total.Bytes;

    public long TemporaryAllocations { get; private set; }

    public long HeapBytes { get; private set; }

    public long HeapBlocks => _live.Count + _mappings.Count;

    public long PeakBytes { get; private set; }

    public long PeakBlocks { get; private set; }

    public long PeakNanoseconds { get; private set; }

    public long UnknownFrees { get; private set; }

    public long DuplicateAllocations { get; private set; }

    public long Forks { get; private set; }

    public int Threads { get; private set; }

    /// <summary>What was held when CPython began to shut down; null until it does (it never may: os._exit, a signal).</summary>
    public EndOfProgram? End { get; private set; }

    internal StackCounters Stacks => _stacks;

    internal ReadOnlySpan<ThreadTally> ThreadTallies => _threads;

    internal SpreadTally Spread { get; } = new();

    /// <summary>Threads seen since this was last emptied: index and kernel id (0: not known).</summary>
    internal List<(int Index, SeenThread Thread)> NewThreads { get; } = [];

    internal LiveBlockMap Live => _live;

    /// <summary>What a stack held at the high-water mark.</summary>
    public StackHolding ShareAtPeak(uint stack)
    {
        var counter = _stacks.Of(stack);
        return counter->PeakNumber == _peakNumber
            ? new StackHolding(counter->PeakBytes, counter->PeakBlocks)
            : new StackHolding(counter->LiveBytes, counter->LiveBlocks);
    }

    public void Apply(ReadOnlySpan<AllocationEvent> events)
    {
        Events?.Tell(Now);
        for (var i = 0; i < events.Length; i++)
        {
            if (i + PrefetchDistance < events.Length)
                _live.Prefetch(events[i + PrefetchDistance].Address);
            ref readonly var e = ref events[i];
            switch (e.Kind)
            {
                case EventKind.Allocate:
                    Allocate(in e);
                    break;
                case EventKind.Free:
                    Free(in e);
                    break;
                case EventKind.Temporary:
                    AllocateAndFree(in e);
                    break;
                default:
                    ApplyRare(in e);
                    break;
            }
        }
    }

    public void Dispose()
    {
        _live.Dispose();
        _stacks.Dispose();
    }

    private void Allocate(in AllocationEvent e)
    {
        var stack = e.Stack < _stackLimit ? e.Stack : 0;
        var size = e.Size;
        var block = _live.Add(e.Address, size, stack, e.Thread);
        if (block == null)
            block = Replace(in e, size, stack, e.Thread);
        block->BornMilliseconds = _nowMilliseconds;
        if (Events is { } told)
            block->Slot = told.Allocate(stack, size, (int)e.Domain, e.Thread);
        Count(in e, (long)size);
        ref var thread = ref _threads[e.Thread];
        thread.Last = e.Address;
        thread.LiveBytes += (long)size;
        if (e.Domain == AllocatorDomain.Native)
            NoteNative(stack);

        var counter = Touch(stack);
        counter->TotalBytes += (long)size;
        counter->TotalBlocks++;
        Add(counter, size);
    }

    /// <summary>A block whose free was not seen stands in the way of a new one.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private LiveBlock* Replace(in AllocationEvent e, ulong size, uint stack, ushort thread)
    {
        if (_live.Take(e.Address, out var replaced, out var replacedSize))
        {
            var isNative = CountReplaced(in e, replaced.Stack);
            Subtract(replaced.Stack, replaced.Thread, replacedSize);
            Events?.Replace(replaced.Slot, isNative);
        }
        return _live.Add(e.Address, size, stack, thread);
    }

    /// <summary>A block that nothing came between: unless it made the high-water mark, or contradicts what is known, it leaves only totals.</summary>
    private void AllocateAndFree(in AllocationEvent e)
    {
        var size = (long)e.Size;
        if (HeapBytes + size > PeakBytes || _live.Contains(e.Address))
        {
            Allocate(in e);
            Free(in e);
            return;
        }
        Frees++;
        TemporaryAllocations++;
        Count(in e, size);
        _threads[e.Thread].Last = 0;
        var stack = e.Stack < _stackLimit ? e.Stack : 0;
        Events?.Temporary(stack, e.Size, (int)e.Domain, e.Thread);
        var counter = _stacks.Of(stack);
        counter->TotalBytes += size;
        counter->TotalBlocks++;
        counter->TemporaryBlocks++;
        counter->TemporaryBytes += size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(in AllocationEvent e, long size)
    {
        Spread.Add((int)e.Domain, size);
        ref var thread = ref _threads[e.Thread];
        thread.Allocations++;
        thread.Bytes += size;
    }

    private void Add(StackCounter* counter, ulong size)
    {
        counter->LiveBytes += (long)size;
        counter->LiveBlocks++;
        HeapBytes += (long)size;
        if (HeapBytes <= PeakBytes)
            return;
        PeakBytes = HeapBytes;
        PeakBlocks = HeapBlocks;
        PeakNanoseconds = Now;
        _peakNumber++;
    }

    private void Free(in AllocationEvent e)
    {
        if (!_live.Take(e.Address, out var block, out var size))
        {
            if (e.IsInnerFree)
                return;
            Frees++;
            CountUnknown(in e);
            return;
        }
        Frees++;
        Events?.Free(block.Slot);
        var counter = Subtract(block.Stack, block.Thread, size);
        ref var thread = ref _threads[block.Thread];
        if (thread.Last != e.Address)
            return;
        thread.Last = 0;
        TemporaryAllocations++;
        counter->TemporaryBlocks++;
        counter->TemporaryBytes += (long)size;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StackCounter* Subtract(uint stack, ushort thread, ulong size)
    {
        var counter = Touch(stack);
        _threads[thread].LiveBytes -= (long)size;
        counter->LiveBytes -= (long)size;
        counter->LiveBlocks--;
        HeapBytes -= (long)size;
        return counter;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private StackCounter* Touch(uint stack)
    {
        var counter = _stacks.Of(stack);
        if (counter->PeakNumber != _peakNumber)
        {
            counter->PeakBytes = counter->LiveBytes;
            counter->PeakBlocks = counter->LiveBlocks;
            counter->PeakNumber = _peakNumber;
        }
        return counter;
    }

    private void ApplyRare(in AllocationEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.Move:
                Move(in e);
                break;
            case EventKind.MoveFailed:
                MoveBack(in e);
                break;
            case EventKind.Map:
                Map(in e);
                break;
            case EventKind.Unmap:
                Unmap(in e);
                break;
            case EventKind.Thread:
                // Address 0: allocations of a thread that has no thread state (yet).
                Threads += e.Address != 0 ? 1 : 0;
                NewThreads.Add((e.Thread, new SeenThread(e.Address, (long)e.Size)));
                break;
            case EventKind.Fork:
                Forks++;
                Events?.Fork();
                break;
            case EventKind.TearDown:
                End ??= new EndOfProgram(Now, HeapBytes, HeapBlocks, _stacks.Holdings());
                Events?.TearDown();
                break;
            default:
                break;
        }
    }

    private void Move(in AllocationEvent e)
    {
        Frees++;
        if (_live.Take(e.Address, out var block, out var size))
        {
            Events?.Move(block.Slot);
            _ = Subtract(block.Stack, block.Thread, size);
            _moving[e.Thread] = new MovingBlock(block, size, e.Domain);
            return;
        }
        CountUnknown(in e);
        _moving[e.Thread] = default;
    }

    private void MoveBack(in AllocationEvent e)
    {
        Frees--;
        var moving = _moving[e.Thread];
        if (moving.Block.Address != e.Address)
        {
            TakeBackUnknown(in e);
            return;
        }
        var block = _live.Add(e.Address, moving.Size, moving.Block.Stack, moving.Block.Thread);
        if (block == null)
            block = Replace(in e, moving.Size, moving.Block.Stack, moving.Block.Thread);
        block->BornMilliseconds = moving.Block.BornMilliseconds;
        ref var thread = ref _threads[moving.Block.Thread];
        if (Events is { } told)
        {
            // Whether it was its thread's last is all that must be known of what came since.
            var since = thread.Last == e.Address ? 0 : ManyAllocations;
            var age = Math.Max(0, Now - (moving.Block.BornMilliseconds * NanosecondsPerMillisecond));
            block->Slot = told.MoveFailed(moving.Block.Stack, moving.Size, (int)moving.Domain, moving.Block.Thread, since, age);
        }
        thread.LiveBytes += (long)moving.Size;
        Add(Touch(moving.Block.Stack), moving.Size);
    }
}
