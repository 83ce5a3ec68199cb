using Hognose.Formats.Alloc;

namespace Hognose.Recording.Replay;

/// <summary>What a window came to, once all of it was told.</summary>
internal sealed partial class WindowTally
{
    /// <param name="facts">What does not depend on the window is taken from them.</param>
    /// <param name="stacks">All that events named.</param>
    public RecordingSummary ToSummary(RecordingFacts facts, StackTable stacks)
    {
        if (!_begun)
            Begin();
        var end = _end ?? EndNow(isTearDown: false);
        if (_timeline.Points.Count == 0 || _timeline.Points[^1].Nanoseconds < Now)
            _timeline.Add(new TimelinePoint(Now, HeapBytes, -1), new AllocationRate(_weights.Blocks(Allocations), AllocatedBytes));
        var counted = Parts?.Count ?? stacks.Count;
        var usage = new StackUsage[counted];
        for (var i = 0; i < Math.Min(counted, _counters.Length); i++)
            usage[i] = UsageOf(in _counters[i], i < end.Holdings.Length ? end.Holdings[i] : default);
        var variances = VariancesOf(counted);
        return new RecordingSummary(FactsOf(facts, end), stacks, Array.ConvertAll(Parts?.ByStack(usage, stacks.Count) ?? usage, WithWholeBlocks), _timeline.Points)
        {
            Shape = Shape(),
            Variances = Parts?.ByStack(variances, stacks.Count) ?? variances,
            Marks = _marks,
            Spread = Parts?.Spread(Array.ConvertAll(usage, WithWholeBlocks), [.. _counters.Take(counted).Select(counter => counter.NewBytes)]),
        };
    }

    private StackVariance[] VariancesOf(int counters)
    {
        var variances = new StackVariance[_errors is null ? 0 : counters];
        for (var i = 0; i < variances.Length; i++)
            variances[i] = _errors!.Of(i, _peakNumber);
        return variances;
    }

    /// <summary>Blocks in parts of one.</summary>
    private StackUsage UsageOf(in WindowCounter counter, (long Bytes, long Blocks) held) => new()
    {
        PeakBytes = counter.PeakNumber == _peakNumber ? counter.PeakBytes : counter.LiveBytes,
        PeakBlocks = counter.PeakNumber == _peakNumber ? counter.PeakBlocks : counter.LiveBlocks,
        EndBytes = held.Bytes,
        EndBlocks = held.Blocks,
        TotalBytes = counter.TotalBytes,
        TotalBlocks = counter.TotalBlocks,
        TemporaryBytes = counter.TemporaryBytes,
        TemporaryBlocks = counter.TemporaryBlocks * _weights.Block,
    };

    private StackUsage WithWholeBlocks(StackUsage usage) => usage with
    {
        PeakBlocks = _weights.Blocks(usage.PeakBlocks),
        EndBlocks = _weights.Blocks(usage.EndBlocks),
        TotalBlocks = _weights.Blocks(usage.TotalBlocks),
        TemporaryBlocks = _weights.Blocks(usage.TemporaryBlocks),
    };

    private RecordingFacts FactsOf(RecordingFacts facts, WindowEnd end) => facts with
    {
        DurationNanoseconds = Math.Max(facts.DurationNanoseconds, Now),
        Allocations = _weights.Blocks(Allocations),
        Frees = _weights.Blocks(Frees),
        AllocatedBytes = AllocatedBytes,
        TemporaryAllocations = Temporaries,
        PeakBytes = PeakBytes,
        PeakBlocks = _weights.Blocks(PeakBlocks),
        PeakNanoseconds = PeakNanoseconds,
        EndBytes = end.Bytes,
        EndBlocks = _weights.Blocks(end.Blocks),
        EndNanoseconds = end.Nanoseconds,
        SawTearDown = end.IsTearDown,
        NeverFreedBytes = NewBytes,
        NeverFreedBlocks = _weights.Blocks(NewBlocks),
        UnknownFrees = UnknownFrees,
        NativeUnknownFrees = NativeUnknownFrees,
        NativeUnseenFrees = NativeUnseenFrees,
        DuplicateAllocations = Duplicates,
        Forks = Forks,
        Threads = ThreadsThatAllocated(),
    };

    private int ThreadsThatAllocated()
    {
        var count = 0;
        for (var index = 0; index < AllThreads; index++)
            if (_threads[index].Allocations > 0 && _names.GetValueOrDefault(index).Name != ThreadUsage.NoThread)
                count++;
        return count;
    }

    private RecordingShape Shape()
    {
        var threads = new List<ThreadUsage>();
        for (var index = 0; index < AllThreads; index++)
        {
            ref readonly var tally = ref _threads[index];
            var known = _names.TryGetValue(index, out var name);
            if (tally.Allocations > 0 || (known && _wanted is null))
                threads.Add(new ThreadUsage(index, name.KernelId, name.Name ?? "", _weights.Blocks(tally.Allocations), tally.Bytes, tally.LiveBytes));
        }
        return new RecordingShape(threads, _spread.Sizes(_weights.Blocks), _spread.Domains(_weights.Blocks), _timeline.Rates());
    }
}
