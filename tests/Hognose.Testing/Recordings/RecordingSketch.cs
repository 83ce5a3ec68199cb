using Hognose.Formats.Alloc;

namespace Hognose.Testing.Recordings;

/// <summary>Draws a recording by hand: stacks as "main app.py:40 > load app.py:12" (innermost last), each with what it held.</summary>
public sealed class RecordingSketch
{
    private readonly List<SourceFrame> _frames = [];
    private readonly List<int> _parents = [0];
    private readonly List<int> _innermost = [-1];
    private readonly List<StackUsage> _usage = [default];
    private readonly List<TimelinePoint> _timeline = [];

    public RecordingSketch Stack(string stack, StackUsage usage)
    {
        var id = 0;
        foreach (var frame in stack.Split(" > ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            id = Child(id, FrameOf(frame));
        var former = _usage[id];
        _usage[id] = new StackUsage
        {
            PeakBytes = former.PeakBytes + usage.PeakBytes,
            PeakBlocks = former.PeakBlocks + usage.PeakBlocks,
            EndBytes = former.EndBytes + usage.EndBytes,
            EndBlocks = former.EndBlocks + usage.EndBlocks,
            TotalBytes = former.TotalBytes + usage.TotalBytes,
            TotalBlocks = former.TotalBlocks + usage.TotalBlocks,
            TemporaryBytes = former.TemporaryBytes + usage.TemporaryBytes,
            TemporaryBlocks = former.TemporaryBlocks + usage.TemporaryBlocks,
        };
        return this;
    }

    /// <summary>Held at the high-water mark; a part of it still held at the end.</summary>
    public RecordingSketch Held(string stack, long bytes, long blocks, long endBytes = 0, long endBlocks = 0) => Stack(stack, new StackUsage
    {
        PeakBytes = bytes,
        PeakBlocks = blocks,
        EndBytes = endBytes,
        EndBlocks = endBlocks,
        TotalBytes = Math.Max(bytes, endBytes),
        TotalBlocks = Math.Max(blocks, endBlocks),
    });

    public RecordingSketch Moment(double seconds, double heapMiB, double residentMiB)
    {
        _timeline.Add(new TimelinePoint(Nanoseconds(seconds), (long)(heapMiB * 1048576), residentMiB < 0 ? -1 : (long)(residentMiB * 1048576)));
        return this;
    }

    /// <summary>Totals are added up from the stacks; <paramref name="change"/> sets what should differ.</summary>
    public RecordingSummary Finish(Func<RecordingFacts, RecordingFacts>? change = null)
    {
        var facts = FactsOf([.. _usage], _timeline);
        return new RecordingSummary(change?.Invoke(facts) ?? facts, new StackTable(_frames, [.. _parents], [.. _innermost]), [.. _usage], _timeline);
    }

    public static long Nanoseconds(double seconds) => (long)Math.Round(seconds * 1e9);

    public static RecordingFacts FactsOf(StackUsage[] usage, IReadOnlyList<TimelinePoint> timeline)
    {
        var peak = timeline.Count == 0 ? default : timeline.MaxBy(point => point.HeapBytes);
        return new RecordingFacts
        {
            ToolVersion = "0.1.0",
            PythonVersion = "3.11.7",
            CommandLine = ["python3", "app.py", "--port", "8000"],
            StartedAt = new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero),
            DurationNanoseconds = timeline.Count == 0 ? 0 : timeline[^1].Nanoseconds,
            ProcessId = 4711,
            Ending = ProgramEnding.Exited,
            EndingCode = 0,
            StoppedBecause = "",
            Allocations = usage.Sum(one => one.TotalBlocks),
            Frees = usage.Sum(one => one.TotalBlocks - one.EndBlocks),
            AllocatedBytes = usage.Sum(one => one.TotalBytes),
            TemporaryAllocations = usage.Sum(one => one.TemporaryBlocks),
            PeakBytes = usage.Sum(one => one.PeakBytes),
            PeakBlocks = usage.Sum(one => one.PeakBlocks),
            PeakNanoseconds = peak.Nanoseconds,
            EndBytes = usage.Sum(one => one.EndBytes),
            EndBlocks = usage.Sum(one => one.EndBlocks),
            EndNanoseconds = timeline.Count == 0 ? 0 : timeline[^1].Nanoseconds,
            SawTearDown = true,
            NeverFreedBytes = usage.Sum(one => one.EndBytes) / 8,
            NeverFreedBlocks = usage.Sum(one => one.EndBlocks) / 8,
            UnknownFrees = 0,
            DuplicateAllocations = 0,
            LostEvents = 0,
            Waits = 0,
            WaitedNanoseconds = 0,
            Forks = 0,
            Threads = 1,
            ProgramCpuNanoseconds = 0,
            ToolCpuNanoseconds = 0,
            MaximumResidentBytes = timeline.Count == 0 ? -1 : timeline.Max(point => point.ResidentBytes),
        };
    }

    private int FrameOf(string text)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        var line = int.Parse(text.AsSpan(colon + 1));
        var frame = new SourceFrame(text[..space], text[(space + 1)..colon], line, FirstLine: 1);
        var known = _frames.IndexOf(frame);
        if (known < 0)
            _frames.Add(frame);
        return known < 0 ? _frames.Count - 1 : known;
    }

    private int Child(int parent, int frame)
    {
        for (var id = 1; id < _parents.Count; id++)
            if (_parents[id] == parent && _innermost[id] == frame)
                return id;
        _parents.Add(parent);
        _innermost.Add(frame);
        _usage.Add(default);
        return _parents.Count - 1;
    }
}
