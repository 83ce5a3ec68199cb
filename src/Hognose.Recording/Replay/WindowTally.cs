using System.Runtime.CompilerServices;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;
using Hognose.Recording.Ledger;
using Hognose.Recording.Summary;

namespace Hognose.Recording.Replay;

/// <summary>
/// Adds up the events of a window, by stack. Blocks from before it are followed too: they are part of the high-water mark. How shares at the mark
/// are had for nothing is told in <see cref="AllocationLedger"/>.
/// </summary>
internal sealed partial class WindowTally
{
    private const int FirstCounters = 4096;
    private const int AllThreads = 1 << 16;

    private readonly ReplayQuery _query;
    private readonly bool[]? _wanted;
    private readonly ThreadTally[] _threads = new ThreadTally[AllThreads];
    private readonly Dictionary<int, (long KernelId, string Name)> _names = [];
    private readonly SpreadTally _spread = new();
    private readonly Timeline _timeline = new();
    private readonly List<RecordingMark> _marks = [];
    private WindowCounter[] _counters = new WindowCounter[FirstCounters];
    private SampleErrors? _errors;
    private SampleWeights _weights;
    private long _peakNumber;
    private bool _begun;
    private WindowEnd? _end;

    private sealed record WindowEnd(long Nanoseconds, long Bytes, long Blocks, (long Bytes, long Blocks)[] Holdings, bool IsTearDown);

    public WindowTally(ReplayQuery query)
    {
        _query = query;
        _begun = query.Since == 0;
        Parts = query.Spread is { } spread ? new SpreadParts(spread) : null;
        PeakBytes = _begun ? 0 : long.MaxValue;
        if (query.Threads is not { } threads)
            return;
        _wanted = new bool[AllThreads];
        foreach (var thread in threads)
            _wanted[thread] = true;
    }

    /// <summary>What the blocks that are told here name in the place of their stack; null: that.</summary>
    public SpreadParts? Parts { get; }

    /// <summary>What a block stands for; set before the first event. Blocks are counted in its parts of one.</summary>
    public SampleWeights Weights
    {
        get => _weights;
        set => (_weights, _errors) = (value, value.IsSampled ? new SampleErrors() : null);
    }

    public long Now { get; private set; }

    public string EndedBecause { get; private set; } = "";

    public long HeapBytes { get; private set; }

    private long HeapBlocks { get; set; }

    private long NewBytes { get; set; }

    private long NewBlocks { get; set; }

    private long PeakBytes { get; set; }

    private long PeakBlocks { get; set; }

    private long PeakNanoseconds { get; set; }

    private long Allocations { get; set; }

    private long Frees { get; set; }

    private long AllocatedBytes { get; set; }

    private long Temporaries { get; set; }

    private long UnknownFrees { get; set; }

    private long NativeUnknownFrees { get; set; }

    private long Duplicates { get; set; }

    private long NativeUnseenFrees { get; set; }

    private long Forks { get; set; }

    public bool Moment(long now)
    {
        if (now > _query.Until)
            return false;
        Now = now;
        if (!_begun && now >= _query.Since)
            Begin();
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Allocate(in EventBlock block)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        ref var counter = ref Touch(block.Site.Stack);
        if (_begun)
            Count(in block, ref counter);
        Add(in block, ref counter);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Free(in EventBlock block, uint allocationsSince)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        ref var counter = ref Subtract(in block);
        if (!_begun)
            return;
        Frees += WeightOf(in block.Site).Parts;
        // Between two samples anything may have been allocated.
        if (allocationsSince >= _query.TemporaryThreshold || block.Born < _query.Since || _weights.IsSampled)
            return;
        Temporaries++;
        counter.TemporaryBlocks++;
        counter.TemporaryBytes += block.Site.Size;
    }

    public void Temporary(in EventBlock block)
    {
        if (!_begun || (_wanted is not null && !_wanted[block.Thread]))
            return;
        if (HeapBytes + block.Site.Size > PeakBytes || _weights.IsSampled)
        {
            Allocate(in block);
            Free(in block, 0);
            return;
        }
        ref var counter = ref Of(block.Site.Stack);
        Count(in block, ref counter);
        Frees++;
        Temporaries++;
        counter.TemporaryBlocks++;
        counter.TemporaryBytes += block.Site.Size;
    }

    public void UnknownFree(bool isNative) => AddUnknown(1, isNative);

    public void UnknownMoveFailed(bool isNative) => AddUnknown(-1, isNative);

    public void Cut(in EventBlock block, long left, long right)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        ref var counter = ref Touch(block.Site.Stack);
        var gone = block.Site.Size - left - right;
        var more = left > 0 && right > 0 ? _weights.Block : 0;
        counter.LiveBytes -= gone;
        counter.LiveBlocks += more;
        HeapBytes -= gone;
        HeapBlocks += more;
        if (_begun && block.Born >= _query.Since)
            AddNew(block.Thread, ref counter, -gone, more);
    }

    /// <summary>After a cut: what is left is counted elsewhere from now on.</summary>
    public void Recount(in EventBlock was, in EventBlock now)
    {
        if (_wanted is not null && !_wanted[was.Thread])
            return;
        _ = ref Subtract(in was);
        Add(in now, ref Touch(now.Site.Stack));
    }

    public void Move(in EventBlock block)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        _ = ref Subtract(in block);
        Frees += _begun ? WeightOf(in block.Site).Parts : 0;
    }

    public void MoveFailed(in EventBlock block)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        Frees -= _begun ? WeightOf(in block.Site).Parts : 0;
        Add(in block, ref Touch(block.Site.Stack));
        CheckSum(HeapBytes);
    }

    public void Replace(in EventBlock block, bool isNative)
    {
        if (_wanted is not null && !_wanted[block.Thread])
            return;
        _ = ref Subtract(in block);
        Duplicates += _begun && !isNative ? 1 : 0;
        NativeUnseenFrees += _begun && isNative ? 1 : 0;
    }

    public void Fork() => Forks += _begun ? 1 : 0;

    public void TearDown()
    {
        if (_query.Until is null)
            _end ??= EndNow(isTearDown: true);
    }

    public void Resident(long bytes)
    {
        if (_begun && _timeline.IsDue(Now))
            _timeline.Add(new TimelinePoint(Now, HeapBytes, bytes), new AllocationRate(_weights.Blocks(Allocations), AllocatedBytes));
    }

    public void NameThread(int index, long kernelId, string name) => _names[index] = (kernelId, name);

    public void Mark(string name)
    {
        if (_marks.Count < RecordingMark.Most)
            _marks.Add(new RecordingMark(Now, name));
    }

    public void NoMore(string reason) => EndedBecause = reason;

    private void Begin()
    {
        _begun = true;
        _peakNumber++;
        (PeakBytes, PeakBlocks, PeakNanoseconds) = (HeapBytes, HeapBlocks, Now);
    }

    private WindowEnd EndNow(bool isTearDown)
    {
        _errors?.NoteEnd();
        return new(
            Now, NewBytes, NewBlocks, Array.ConvertAll(_counters, counter => (counter.NewBytes, counter.NewBlocks)), isTearDown);
    }

    private void AddUnknown(int count, bool isNative)
    {
        if (!_begun || _wanted is not null)
            return;
        Frees += count * _weights.Block;
        UnknownFrees += isNative ? 0 : count;
        NativeUnknownFrees += isNative ? count : 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Count(in EventBlock block, ref WindowCounter counter)
    {
        var (bytes, parts) = WeightOf(in block.Site);
        Allocations += parts;
        AllocatedBytes += bytes;
        CheckSum(AllocatedBytes | Allocations);
        _spread.Add(block.Site.Domain, block.Site.Size, bytes, parts);
        ref var thread = ref _threads[block.Thread];
        thread.Allocations += parts;
        thread.Bytes += bytes;
        counter.TotalBlocks += parts;
        counter.TotalBytes += bytes;
        _errors?.Allocated(block.Site.Stack, _weights.VarianceOf(in block.Site), _peakNumber);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(in EventBlock block, ref WindowCounter counter)
    {
        var (bytes, parts) = WeightOf(in block.Site);
        var isNew = _begun && block.Born >= _query.Since;
        counter.LiveBytes += bytes;
        counter.LiveBlocks += parts;
        HeapBytes += bytes;
        HeapBlocks += parts;
        CheckSum(HeapBytes | HeapBlocks);
        if (isNew)
            AddNew(block.Thread, ref counter, bytes, parts);
        _errors?.Changed(block.Site.Stack, _weights.VarianceOf(in block.Site), 1, isNew, _peakNumber);
        if (HeapBytes <= PeakBytes)
            return;
        (PeakBytes, PeakBlocks, PeakNanoseconds) = (HeapBytes, HeapBlocks, Now);
        _peakNumber++;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref WindowCounter Subtract(in EventBlock block)
    {
        ref var counter = ref Touch(block.Site.Stack);
        var (bytes, parts) = WeightOf(in block.Site);
        var isNew = _begun && block.Born >= _query.Since;
        counter.LiveBytes -= bytes;
        counter.LiveBlocks -= parts;
        HeapBytes -= bytes;
        HeapBlocks -= parts;
        if (isNew)
            AddNew(block.Thread, ref counter, -bytes, -parts);
        _errors?.Changed(block.Site.Stack, _weights.VarianceOf(in block.Site), -1, isNew, _peakNumber);
        return ref counter;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (long Bytes, long Parts) WeightOf(in EventSite site) => _errors is null ? (site.Size, 1) : _weights.Of(in site);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddNew(int thread, ref WindowCounter counter, long bytes, long blocks)
    {
        counter.NewBytes += bytes;
        counter.NewBlocks += blocks;
        NewBytes += bytes;
        NewBlocks += blocks;
        _threads[thread].LiveBytes += bytes;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref WindowCounter Touch(int stack)
    {
        ref var counter = ref Of(stack);
        if (counter.PeakNumber != _peakNumber)
        {
            counter.PeakBytes = counter.LiveBytes;
            counter.PeakBlocks = counter.LiveBlocks;
            counter.PeakNumber = _peakNumber;
        }
        return ref counter;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref WindowCounter Of(int stack)
    {
        if (stack >= _counters.Length)
            Array.Resize(ref _counters, Math.Max(_counters.Length * 2, stack + 1));
        return ref _counters[stack];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CheckSum(long sum)
    {
        if (sum < 0)
            throw new CannotContinueException("the recording holds more bytes than there can be", "record again");
    }
}
