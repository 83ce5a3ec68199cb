using System.Diagnostics;
using System.Globalization;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Replay;
using Hognose.Recording.Ring;
using Hognose.Recording.Summary;

namespace Hognose.Recording;

/// <summary>What only the launcher of the program knows.</summary>
public sealed record ProgramFacts(
    string ToolVersion,
    IReadOnlyList<string> CommandLine,
    DateTimeOffset StartedAt,
    int ProcessId,
    ProgramEnding Ending,
    int EndingCode,
    long ProgramCpuNanoseconds,
    long ToolCpuNanoseconds,
    long MaximumResidentBytes,
    string LayoutNotice);

/// <summary>One recording from the first event to the summary. The caller calls <see cref="Step"/> often (at least each two milliseconds) until the program ended.</summary>
public sealed unsafe class RecordingSession : IDisposable
{
    private const string NoNativeStacks = " C frames are not in the recording: its C library has no getcontext, or Python never began.";

    private readonly RingFollower _follower;
    private readonly StackTableBuilder _stacks;
    private readonly ThreadBook _threads;
    private readonly EventFile? _file;
    private readonly Timeline _timeline = new();
    private readonly List<RecordingMark> _marks = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly Func<long> _residentBytes;
    private readonly bool _wantsNativeStacks;

    /// <param name="region">The formatted region, which must outlive this.</param>
    /// <param name="layouts">What the agent must know of the interpreter.</param>
    /// <param name="residentBytes">The program's resident size now; -1 when it is not known.</param>
    /// <param name="threadNames">Knows what threads are called; null: they have no names.</param>
    /// <param name="target">Where events go as they come; null: only totals are kept, in bounded memory.</param>
    /// <param name="symbols">Names C frames; null: they have none.</param>
    public RecordingSession(
        byte* region, ILayoutSource layouts, Func<long> residentBytes, IThreadNames? threadNames = null, RecordingTarget? target = null, INativeSymbols? symbols = null)
    {
        _follower = new RingFollower(region, layouts);
        _wantsNativeStacks = (((RingHeader*)region)->Options & RecordingOptions.NativeStacks) != 0;
        _stacks = new StackTableBuilder(region, () => _follower.Facts, symbols);
        _threads = new ThreadBook(threadNames, TimeProvider.System);
        _residentBytes = residentBytes;
        if (_follower.SampleBytes > 0)
            _follower.Samples = new SampleLedger(new SampleWeights(_follower.SampleBytes), _stacks.StackOf);
        if (target is not null)
            _file = new EventFile(_follower, target, _stacks);
    }

    /// <summary>Why the interpreter was refused; empty while it was not.</summary>
    public string Refusal => _follower.Refusal;

    public AgentState State => _follower.Facts.State;

    /// <summary>The program was asked (<see cref="RingShape.Format"/>) to stand still before CPython takes it down, does so, and all that it did was followed.</summary>
    public bool IsHeld => _follower.IsHeld;

    /// <summary>What lived when we looked at the heap (<see cref="NoteLook"/>); null when we did not.</summary>
    public NotedSurvivors? LivedAtLook { get; private set; }

    /// <summary>Notes what lives in a program that stands still but for threads that allocate without the GIL: these could go on for ever, so what is there is taken once.</summary>
    public NotedSurvivors NoteSurvivors()
    {
        CatchUp();
        return Note();
    }

    /// <summary>The same, for the look at the heap that belongs to this recording; the last one counts.</summary>
    public void NoteLook() => LivedAtLook = NoteSurvivors();

    /// <summary>Takes all that the program did up to now: a mark of another of its family's processes comes behind it.</summary>
    public void CatchUp()
    {
        _ = Step(); // what the ring has
        _ = Step(); // what is staged
        _follower.TakeLast();
    }

    /// <summary>Names this moment: all that the program did before it asked for the mark comes before it.</summary>
    /// <param name="name">Empty: it gets a number.</param>
    /// <returns>null: there are too many already.</returns>
    public RecordingMark? Mark(string name)
    {
        if (_marks.Count == RecordingMark.Most)
            return null;
        CatchUp();
        var mark = new RecordingMark(Elapsed, name.Length > 0 ? name : string.Create(CultureInfo.InvariantCulture, $"mark {_marks.Count + 1}"));
        _marks.Add(mark);
        _file?.Mark(mark);
        return mark;
    }

    /// <summary>Lets a held program go on.</summary>
    /// <param name="wasLookedAt">Its heap was copied while it stood: what lives is noted.</param>
    public void LetGo(bool wasLookedAt)
    {
        if (wasLookedAt)
            LivedAtLook = Note();
        _follower.LetGo();
    }

    /// <summary>Why the file takes no more events; null while it does.</summary>
    public FileTrouble? Trouble => _file?.Trouble;

    /// <summary>Length of the file up to the last whole block; 0 where there is none, or it is a pipe.</summary>
    public long WholeBytes => _file?.WholeBytes ?? 0;

    /// <summary>What an attached agent said to the last thing it was asked for.</summary>
    public AttachAnswer Answer => _follower.Answer;

    /// <summary>That were taken up to now.</summary>
    public ulong Events { get; private set; }

    /// <summary>Takes what there is, and returns how many events that were, for the pace of the caller's polling.</summary>
    public ulong Step()
    {
        var now = Elapsed;
        _follower.Ledger.Now = now;
        var events = _follower.Drain();
        Events += events;
        if (_follower.Ledger.NewThreads.Count > 0)
            _threads.Take(_follower.Ledger.NewThreads, now, NameThread);
        _threads.LookIfDue(now, NameThread);
        if (_timeline.IsDue(now))
            AddMoment(now, _residentBytes());
        _file?.WriteIfDue(now);
        return events;
    }

    /// <summary>What is recorded up to now, without what goes over time; the recording goes on.</summary>
    /// <param name="program">Of it.</param>
    /// <param name="noted">Before. What stands for its stacks afterwards belongs to no other thread.</param>
    public RecordingSummary UpToNow(ProgramFacts program, NotedSurvivors noted)
    {
        var ring = _follower.Facts;
        var (stacks, usage) = _stacks.Build(_follower.Ledger, ring.NodeCount);
        noted.FixStacks(_stacks.FixedStackOf());
        return new RecordingSummary(Facts(program, ring), stacks, usage, []);
    }

    /// <summary>Takes the last events and adds all up. The program has ended.</summary>
    public RecordingSummary Finish(ProgramFacts program)
    {
        while (Step() > 0)
        {
        }
        _follower.DrainStage();
        _threads.Take(_follower.Ledger.NewThreads, Elapsed, NameThread);
        _threads.LookLast(NameThread);
        var ring = _follower.Facts;
        AddMoment(Elapsed, -1);
        _file?.Write();
        var (stacks, usage) = _stacks.Build(_follower.Ledger, ring.NodeCount);
        if (_follower.Samples is { } samples)
            return samples.ToSummary(Facts(program, ring), stacks) with { Marks = _marks };
        var spread = _follower.Ledger.Spread;
        return new RecordingSummary(Facts(program, ring), stacks, usage, _timeline.Points)
        {
            Marks = _marks,
            Shape = new RecordingShape(_threads.Usage(_follower.Ledger.ThreadTallies), spread.Sizes(), spread.Domains(), _timeline.Rates()),
        };
    }

    /// <summary>What lives, by address.</summary>
    public IReadOnlyList<Survivor> Survivors() => NotedSurvivors.Of(_follower.Ledger.Live.Copy(), _follower.Ledger.Mappings, _stacks.StackOf);

    private NotedSurvivors Note() => new(Elapsed, _follower.Ledger.Live.Copy(), _follower.Ledger.Mappings.ToList(), _stacks.StackOf);

    /// <summary>Ends the file that events went to, with the summary.</summary>
    /// <exception cref="IOException">The file did not take all of it.</exception>
    public void FinishFile(RecordingSummary recording) => _file?.Finish(recording, Survivors());

    public void Dispose()
    {
        _file?.Dispose();
        _follower.Dispose();
    }

    private long Elapsed => (long)Stopwatch.GetElapsedTime(_start).TotalNanoseconds;

    private void NameThread(int index, long kernelId, string name)
    {
        _file?.NameThread(index, kernelId, name);
        _follower.Samples?.NameThread(index, kernelId, name);
    }

    private void AddMoment(long now, long residentBytes)
    {
        var ledger = _follower.Ledger;
        _timeline.Add(new TimelinePoint(now, ledger.HeapBytes, residentBytes), new AllocationRate(ledger.Allocations, ledger.AllocatedBytes));
        _file?.Resident(now, residentBytes);
        _follower.Samples?.Resident(now, residentBytes);
    }

    private RecordingFacts Facts(ProgramFacts program, RingFacts ring)
    {
        var ledger = _follower.Ledger;
        return new RecordingFacts
        {
            ToolVersion = program.ToolVersion,
            PythonVersion = PythonVersionText.Of(ring.PythonVersion),
            CommandLine = program.CommandLine,
            StartedAt = program.StartedAt,
            BeganNanoseconds = _start, // On Linux Stopwatch counts nanoseconds of CLOCK_MONOTONIC.
            DurationNanoseconds = Elapsed,
            ProcessId = program.ProcessId,
            Ending = program.Ending,
            EndingCode = program.EndingCode,
            StoppedBecause = StopText.Of(ring),
            Allocations = ledger.Allocations,
            Frees = ledger.Frees,
            AllocatedBytes = ledger.AllocatedBytes,
            TemporaryAllocations = ledger.TemporaryAllocations,
            PeakBytes = ledger.PeakBytes,
            PeakBlocks = ledger.PeakBlocks,
            PeakNanoseconds = ledger.PeakNanoseconds,
            EndBytes = ledger.End?.Bytes ?? ledger.HeapBytes,
            EndBlocks = ledger.End?.Blocks ?? ledger.HeapBlocks,
            EndNanoseconds = ledger.End?.Nanoseconds ?? Elapsed,
            SawTearDown = ledger.End is not null,
            NeverFreedBytes = ledger.HeapBytes,
            NeverFreedBlocks = ledger.HeapBlocks,
            UnknownFrees = ledger.UnknownFrees,
            SampleBytes = _follower.SampleBytes,
            NativeAllocations = ring.NativeHooksAreOn,
            NativeUnknownFrees = ledger.NativeUnknownFrees,
            NativeUnseenFrees = ledger.NativeUnseenFrees,
            UnhookedSlots = ring.UnhookedSlots,
            DuplicateAllocations = ledger.DuplicateAllocations,
            LostEvents = ring.LostEvents,
            Waits = ring.Waits,
            WaitedNanoseconds = ring.WaitedNanoseconds,
            Forks = ring.Forks,
            TruncatedStacks = ring.TruncatedStacks,
            UndescribedCodes = ring.UndescribedCodes,
            NativeStacks = _wantsNativeStacks && ring.NativeStacksAreOn,
            CutNativeStacks = ring.CutNativeStacks,
            LayoutNotice = program.LayoutNotice + (_wantsNativeStacks && !ring.NativeStacksAreOn ? NoNativeStacks : ""),
            Threads = ledger.Threads,
            ProgramCpuNanoseconds = program.ProgramCpuNanoseconds,
            ToolCpuNanoseconds = program.ToolCpuNanoseconds,
            MaximumResidentBytes = program.MaximumResidentBytes,
            KeepsEvents = _file is { Trouble: null },
        };
    }
}
