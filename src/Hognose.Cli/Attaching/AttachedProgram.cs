using System.Diagnostics;
using System.Globalization;
using System.Text;
using Hognose.CPython.Layouts;
using Hognose.CPython.Runtime;
using Hognose.Cli.Recordings;
using Hognose.Cli.Running;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording;
using Hognose.Recording.Ring;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Attaching;

/// <summary>A program that runs already: the agent goes in, is followed, and leaves again.</summary>
internal sealed unsafe class AttachedProgram : IDisposable
{
    /// <summary>An agent that the main thread is to let in or out at its next instruction.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private readonly TargetProcess _process;
    private readonly AgentLibrary _library;
    private readonly AgentDelivery _delivery;
    private readonly SharedMemoryFile _region;
    private readonly PythonLayoutSource _layouts = new();
    private readonly RecordingSession _session;
    private readonly ResidentSize _resident;
    private readonly ProcessCpu _cpu;
    private readonly SameProgram _program;
    private readonly ForeignEnding _ending;
    private readonly CollectionsWatch _collector;
    private readonly FollowPace _pace = new();
    private readonly DateTimeOffset _started = DateTimeOffset.Now;
    private readonly IReadOnlyList<string> _command;
    private readonly ObjectsAtEnd _objects = new();
    private readonly HeldHeap _held;
    private readonly RecorderRequests _requests;
    private readonly bool _looksAtObjects;
    private readonly int _descriptor;
    private readonly ulong _nonce = (ulong)Random.Shared.NextInt64(1, long.MaxValue);

    /// <summary>Set by who copies the heap while the program stands still; answered by the loop.</summary>
    private ManualResetEventSlim? _wantsNote;
    private long _lastLook;
    private bool _isGone;
    private bool _isLooking;
    private long _largest;

    private AttachedProgram(TargetProcess process, PythonRuntime python, RecordingFile file, RecordingChoices choices, bool looksAtObjects, Limits limits)
    {
        _process = process;
        _looksAtObjects = looksAtObjects;
        if (!AgentLayouts.TryGet(python.Build.Version.Hex, out var layout, out var reason))
            throw new CannotContinueException($"{process.Display}: {reason}", "");
        _library = AgentLibrary.Open();
        _delivery = AgentDelivery.Prepare(process, PythonPlaces.Of(process, python, limits), _library, limits);
        _cpu = new ProcessCpu(process.Id);
        _command = CommandLineOf(process.Id);
        _program = new SameProgram(process.Id);
        _ending = new ForeignEnding(process.Id, _program);
        var search = InterpreterSearch.FromNow(process.Id);
        _collector = new CollectionsWatch(search);
        LayoutNotice = LayoutChoice.Select(python.Build.Version).Notice;
        (_region, _descriptor) = _delivery.CreateRegion(RingShape.RegionLength);
        try
        {
            RingShape.Format(_region.Start, _nonce, Environment.ProcessId, StackRoom.Whole, looksAtObjects, choices: choices);
            RingShape.AnswerBeforehand(_region.Start, layout, process.HasOurProcessIds());
            _resident = new ResidentSize(process.Id);
            var target = file.Target(_command, _started, process.Id);
            _session = new RecordingSession(_region.Start, _layouts, () => _resident.Bytes, new ProgramThreads(process.Id, search), target, new ProgramSymbols(process.Id));
            _requests = new RecorderRequests(_nonce);
            _held = new HeldHeap(_session, _objects, process.Id, () => _program.IsStillThere());
        }
        catch
        {
            _delivery.TakeBack(_descriptor);
            throw;
        }
    }

    private string LayoutNotice { get; }

    /// <summary>Recording begins before this returns.</summary>
    /// <param name="process">Of it.</param>
    /// <param name="python">In it.</param>
    /// <param name="file">Gets the recording.</param>
    /// <param name="choices">What to record.</param>
    /// <param name="looksAtObjects">Its heap is copied before the agent leaves, or before CPython takes it down.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <exception cref="CannotContinueException">The process may not be attached to, or could not be.</exception>
    public static AttachedProgram Begin(
        TargetProcess process, PythonRuntime python, RecordingFile file, RecordingChoices choices, bool looksAtObjects, Limits limits)
    {
        var program = new AttachedProgram(process, python, file, choices, looksAtObjects, limits);
        try
        {
            program.Begin();
            return program;
        }
        catch
        {
            program.Withdraw();
            program.Dispose();
            throw;
        }
    }

    /// <summary>Until the time is over, somebody wants it to end, or the program has ended.</summary>
    public void Follow(TimeSpan duration, CancellationToken wantsEnd)
    {
        var start = Stopwatch.GetTimestamp();
        while (_session.State == AgentState.Recording && !wantsEnd.IsCancellationRequested && Stopwatch.GetElapsedTime(start) < duration && !IsGone())
            Step();
    }

    /// <summary>Null when they were not asked for.</summary>
    public ObjectsAtEnd? Objects => _looksAtObjects ? _objects : null;

    /// <summary>Copies the heap, if that was asked for and the program is still there. It goes on meanwhile, but for the moment that is copied.</summary>
    public void LookAtObjects()
    {
        if (!_looksAtObjects || IsGone() || _session.State != AgentState.Recording || _objects.HasLooked)
            return;
        _isLooking = true;
        _ = While(Task.Run(() => _objects.Copy(() => HeapAtEnd.CopyRunning(_process.Id, NoteNow), () => _program.IsStillThere())));
        _isLooking = false;
    }

    /// <summary>The agent leaves, if the program is still there.</summary>
    /// <returns>False: the program stays in C code, and the agent leaves when it comes back from there.</returns>
    public bool End()
    {
        if (IsGone() || _session.State == AgentState.Stopped)
            return true;
        var isAsked = While(Task.Run(() => _delivery.Ask(AgentWish.End, -1, _nonce, () => _session.State == AgentState.Stopped || _session.Answer == AttachAnswer.Queued)));
        if (isAsked is CannotContinueException)
            return IsGone();
        return Until(AgentState.Stopped) || IsGone();
    }

    public RecordingSummary Finish()
    {
        _held.Wait();
        var recording = Recorded();
        return _objects.Try(() => _objects.Join(recording, _session.LivedAtLook)) ?? recording;
    }

    private RecordingSummary Recorded()
    {
        var (ending, code) = _ending.Tell();
        return _session.Finish(new ProgramFacts(
            ToolVersion: RecordingFile.ToolVersion,
            CommandLine: _command,
            StartedAt: _started,
            ProcessId: _process.Id,
            Ending: ending,
            EndingCode: code,
            ProgramCpuNanoseconds: _cpu.SinceStart,
            ToolCpuNanoseconds: OwnEnding.CpuNanoseconds(),
            MaximumResidentBytes: _largest,
            LayoutNotice: LayoutNotice)) with { Collections = _collector.Collections };
    }

    /// <summary>Writes what is left to write. Returns the name under which the recording can be found.</summary>
    /// <exception cref="CannotContinueException">The disk is full, or the like.</exception>
    public string Keep(RecordingFile file, RecordingSummary recording) => file.Keep(_session, recording);

    public void Dispose()
    {
        _held.Dispose();
        _objects.Dispose();
        _requests.Dispose();
        _session.Dispose();
        _resident.Dispose();
        _ending.Dispose();
        _region.Dispose();
        _library.Dispose();
    }

    /// <summary>Empty when the process has ended.</summary>
    public static IReadOnlyList<string> CommandLineOf(int processId)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/cmdline"), Encoding.UTF8).TrimEnd('\0').Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private void Begin()
    {
        var trouble = While(Task.Run(() => _delivery.Ask(AgentWish.Begin, _descriptor, _nonce, () => _session.Answer is not (AttachAnswer.None or AttachAnswer.Again))));
        if (trouble is not null)
            throw trouble;
        var reason = _session.Answer switch
        {
            AttachAnswer.NoPython => "its Python hides its functions from libraries",
            AttachAnswer.NoMemory => "there is no memory for the recording",
            AttachAnswer.OtherHooks => "another allocator stands in front of an earlier recording's hooks, which record in another way (--sample)",
            AttachAnswer.None => "the agent in it does not answer",
            _ => "",
        };
        if (reason.Length == 0 && !Until(AgentState.Recording))
            reason = _session.State == AgentState.Stopped ? "there is no memory for the recording" : $"its main thread stays in C code for {Patience.TotalSeconds} s";
        if (reason.Length > 0)
            throw new CannotContinueException($"{_process.Display} cannot be attached to: {reason}", "try again, or start it with 'hognose run'");
    }

    private bool Until(AgentState state)
    {
        var start = Stopwatch.GetTimestamp();
        while (_session.State < state && Stopwatch.GetElapsedTime(start) < Patience && !IsGone())
            Step();
        return _session.State >= state;
    }

    /// <summary>Events must be taken while the agent is asked, or the program would wait for room.</summary>
    private CannotContinueException? While(Task task)
    {
        while (!task.IsCompleted)
            Step();
        return task.Exception?.InnerException switch
        {
            null => null,
            CannotContinueException trouble => trouble,
            { } other => throw new InvalidOperationException(other.Message, other),
        };
    }

    private void Withdraw()
    {
        if (_session.State < AgentState.Recording)
            RingShape.Withdraw(_region.Start);
    }

    private void Step()
    {
        if (Volatile.Read(ref _wantsNote) is { } wanted)
        {
            _session.NoteLook();
            _wantsNote = null;
            wanted.Set();
        }
        _requests.Step(process => process == _process.Id ? _session : null, () => [_session]);
        var events = _session.Step();
        // One that comes to its end meanwhile stands until it was looked at.
        if (!_isLooking)
            _held.Step();
        _collector.Step(begin: null, _session.Events);
        _pace.Rest(_session.State, events);
    }

    /// <summary>From beside the loop, which alone may take events.</summary>
    private void NoteNow()
    {
        using var noted = new ManualResetEventSlim();
        Volatile.Write(ref _wantsNote, noted);
        noted.Wait();
    }

    private bool IsGone()
    {
        if (_isGone || Stopwatch.GetElapsedTime(_lastLook) < BetweenLooks)
            return _isGone;
        _lastLook = Stopwatch.GetTimestamp();
        _largest = Math.Max(_largest, _resident.Bytes);
        _isGone = !_process.IsStillThere() || !_program.IsStillThere();
        if (_isGone)
            _ending.Note();
        return _isGone;
    }
}
