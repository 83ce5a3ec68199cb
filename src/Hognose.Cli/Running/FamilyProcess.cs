using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Hognose.Cli.Attaching;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Collections;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>What is left of a process that a recorded program started.</summary>
/// <param name="Member">As the program's recording lists it.</param>
/// <param name="Facts">Of its own recording.</param>
/// <param name="Timeline">Of that, too.</param>
/// <param name="WasLookedAt">Its heap was met at its end.</param>
/// <param name="Troubles">Why its heap was not read, or not kept.</param>
internal sealed record FamilyEnd(
    FamilyMember Member, RecordingFacts Facts, IReadOnlyList<TimelinePoint> Timeline, bool WasLookedAt, IReadOnlyList<CannotContinueException> Troubles);

/// <summary>One process that a recorded program started, from its claim of a region to its end.</summary>
internal sealed unsafe class FamilyProcess : IDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    private readonly SharedMemoryFile _region;
    private readonly RecordingFile _file;
    private readonly PythonLayoutSource _layouts = new();
    private readonly RecordingSession _session;
    private readonly ResidentSize _resident;
    private readonly ProcessCpu _cpu;
    private readonly SameProgram _program;
    private readonly ForeignEnding _ending;
    private readonly CollectionsWatch _collector;
    private readonly CollectorReading? _parentsCollector;
    private readonly DateTimeOffset _started = DateTimeOffset.Now;
    private readonly IReadOnlyList<string> _command;
    private readonly int _parent;
    private readonly ObjectsAtEnd _objects = new();
    private readonly HeldHeap _held;
    private RecordingSummary? _recorded;
    private long _lastLook;
    private long _largest;
    private long _cpuNanoseconds;
    private bool _hasEnded;

    private FamilyProcess(SharedMemoryFile region, int process, int parent, CollectorReading? parentsCollector, RecordingFile file, SemaphoreSlim roomForCopies)
    {
        _parentsCollector = parentsCollector;
        var search = InterpreterSearch.Of(process);
        _collector = new CollectionsWatch(search);
        (_region, _file, ProcessId) = (region, file, process);
        _command = AttachedProgram.CommandLineOf(process);
        _parent = parent;
        _resident = new ResidentSize(process);
        _cpu = new ProcessCpu(process);
        _program = new SameProgram(process);
        _ending = new ForeignEnding(process, _program);
        _session = new RecordingSession(region.Start, _layouts, () => _resident.Bytes, new ProgramThreads(process, search), file.Target(_command, _started, process), new ProgramSymbols(process));
        _held = new HeldHeap(_session, _objects, process, _program.IsStillThere, room: roomForCopies);
    }

    public int ProcessId { get; }

    public RecordingSession Session => _session;

    /// <summary>Why it is not recorded; empty while it is.</summary>
    public string Refusal => _session.Refusal;

    public bool HasEnded => _hasEnded || Refusal.Length > 0;

    /// <summary>The region is ours from now on.</summary>
    /// <param name="region">Claimed by the process.</param>
    /// <param name="process">Its id.</param>
    /// <param name="parent">The nearest process above it that is recorded.</param>
    /// <param name="parentsCollector">What that one's collector did up to now, which a fork's child has inherited; null: not known.</param>
    /// <param name="names">Where its recording goes.</param>
    /// <param name="roomForCopies">Of heaps that were not read yet, of all processes.</param>
    /// <param name="begun">It.</param>
    /// <param name="trouble">Why it is not recorded.</param>
    public static bool TryBegin(
        SharedMemoryFile region, int process, int parent, CollectorReading? parentsCollector, RecordingName names, SemaphoreSlim roomForCopies,
        [NotNullWhen(true)] out FamilyProcess? begun, [NotNullWhen(false)] out CannotContinueException? trouble)
    {
        (begun, trouble) = (null, null);
        try
        {
            region.MapWhole();
            begun = new FamilyProcess(region, process, parent, parentsCollector, names.CreateFor(process), roomForCopies);
            return true;
        }
        catch (CannotContinueException cannot)
        {
            trouble = cannot;
            region.Dispose();
            return false;
        }
    }

    /// <summary>It stands before its end until its heap is copied.</summary>
    public bool IsBeingCopied => _held.IsBeingCopied;

    /// <summary>There is a heap to be read, which takes a while.</summary>
    public bool HasHeap => _held.HasBegun;

    public ulong Step()
    {
        var events = _session.Step();
        _held.Step();
        if (!_hasEnded && Stopwatch.GetElapsedTime(_lastLook) > BetweenLooks)
            Look();
        return events;
    }

    /// <summary>What its collector did up to the last look; null: there was none yet.</summary>
    public CollectorReading? Collector => _collector.Latest;

    /// <summary>A program of its own began with nothing collected, a fork's child where its parent was.</summary>
    public void WatchCollections() => _collector.Step(_layouts.WasAsked ? CollectorReading.None : _parentsCollector, _session.Events);

    /// <summary>It is not followed any more, and goes on without waiting for us.</summary>
    public void AskToStop() => RingShape.AskToStop(_region.Start);

    /// <summary>Takes the last events. Nothing is followed any more.</summary>
    public void Finish(long familyId)
    {
        var (ending, code) = _ending.Tell();
        var recorded = _session.Finish(new ProgramFacts(
            ToolVersion: RecordingFile.ToolVersion,
            CommandLine: _command,
            StartedAt: _started,
            ProcessId: ProcessId,
            Ending: ending,
            EndingCode: code,
            ProgramCpuNanoseconds: _cpuNanoseconds,
            ToolCpuNanoseconds: 0, // We follow all at once: the program's own recording has it.
            MaximumResidentBytes: _largest > 0 ? _largest : -1,
            LayoutNotice: _layouts.Notice));
        _recorded = recorded with { Collections = _collector.Collections, Facts = recorded.Facts with { FamilyId = familyId } };
    }

    /// <summary>Reads the heap, if it was copied, and writes what is left to write; on any thread.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like.</exception>
    public FamilyEnd Keep()
    {
        _held.Wait();
        var finished = _recorded ?? throw new InvalidOperationException("the process is still followed");
        var recording = _objects.Try(() => _objects.Join(finished, _session.LivedAtLook)) ?? finished;
        var name = _file.Keep(_session, recording);
        _ = _objects.Keep(name);
        var facts = recording.Facts;
        var member = new FamilyMember(ProcessId, _parent, _command, _started, facts.PeakBytes, facts.EndBytes, facts.Allocations, facts.MaximumResidentBytes, name);
        return new FamilyEnd(member, facts, recording.Timeline, _objects.HasLooked, _objects.Troubles);
    }

    public void Dispose()
    {
        _held.Wait();
        _objects.Dispose();
        _held.Dispose();
        _session.Dispose();
        _file.Dispose();
        _ending.Dispose();
        _resident.Dispose();
        _region.Dispose();
    }

    private void Look()
    {
        _lastLook = Stopwatch.GetTimestamp();
        _largest = Math.Max(_largest, _resident.Bytes);
        _cpuNanoseconds = Math.Max(_cpuNanoseconds, _cpu.SinceStart);
        _hasEnded = !_program.IsStillThere();
        if (_hasEnded)
            _ending.Note();
    }
}
