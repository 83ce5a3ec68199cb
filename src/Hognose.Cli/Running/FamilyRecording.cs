using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Collections;
using Hognose.Insights.Families;
using Hognose.Recording.Ring;
using Hognose.Targets.Launch;
using Hognose.Targets.Sampling;

namespace Hognose.Cli.Running;

/// <summary>
/// The processes that a recorded program starts: by fork, or by starting another Python. Regions stand ready for them on the family's board; who claims one
/// is followed, into a recording of its own.
/// </summary>
internal sealed unsafe class FamilyRecording : IDisposable
{
    private readonly SharedMemoryFile _board = SharedMemoryFile.Create("hognose-family", FamilyShape.Length);
    private readonly SharedMemoryFile?[] _ready = new SharedMemoryFile?[FamilyShape.Places];
    private readonly List<FamilyProcess> _running = [];
    private readonly List<FamilyMember> _ended = [];
    private readonly List<CannotContinueException> _troubles = [];
    private readonly RecordingName _names;
    private readonly RecordingChoices _choices;
    private readonly List<(RecordingFacts Facts, IReadOnlyList<TimelinePoint> Timeline)> _timelines = [];
    private readonly long _id = Random.Shared.NextInt64(1, long.MaxValue);
    private int _turn;
    private readonly ulong _nonce;

    /// <exception cref="CannotContinueException">There is no shared memory.</exception>
    public FamilyRecording(AgentLibrary library, ulong nonce, RecordingName names, RecordingChoices choices)
    {
        (_nonce, _names, _choices) = (nonce, names, choices);
        FamilyShape.Format(_board.Start, nonce, Environment.ProcessId, library.Descriptor, library.Path);
        for (var place = 0; place < _ready.Length; place++)
            Offer(place);
    }

    /// <summary>The program's process, once it is started.</summary>
    public int Root { get; set; }

    /// <summary>Of the program's process.</summary>
    public CollectionsWatch? RootCollector { get; set; }

    /// <summary>For the ring of a process.</summary>
    public int Descriptor => _board.Descriptor;

    /// <summary>None changes how the run ends: the program's own recording is another matter.</summary>
    public IReadOnlyList<CannotContinueException> Troubles => _troubles;

    /// <summary>Takes what there is of all processes, and returns how many events that were.</summary>
    public ulong Step()
    {
        var claimed = Claimed();
        foreach (var (region, process) in claimed)
            Begin(region, process);
        var events = 0UL;
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            events += _running[i].Step();
            if (_running[i].HasEnded)
                End(_running[i]);
        }
        // One a turn, so that many cost no more than one.
        if (_running.Count > 0)
            _running[_turn++ % _running.Count].WatchCollections();
        return events;
    }

    /// <summary>The program's recording has ended: so do the others, also of processes that go on. Returns it with them.</summary>
    public RecordingSummary Finish(RecordingSummary program)
    {
        Close();
        foreach (var process in _running)
        {
            process.AskToStop();
            process.Step();
        }
        while (_running.Count > 0)
            End(_running[^1]);
        NoteWhoWentWithout();
        var members = _ended.OrderBy(member => member.StartedAt).ToList();
        return program with { Family = members, Facts = WithFamily(program) };
    }

    public void Dispose()
    {
        foreach (var process in _running)
            process.Dispose();
        foreach (var region in _ready)
            region?.Dispose();
        _board.Dispose();
    }

    /// <summary>Who claims a region from now on would wait for an answer that nobody gives.</summary>
    private void Close()
    {
        FamilyShape.Close(_board.Start);
        for (var place = 0; place < _ready.Length; place++)
        {
            FamilyShape.Offer(_board.Start, place, 0);
            if (_ready[place] is not { } region || FamilyShape.TakeBack(region.Start) is not (> 0 and var process))
                continue;
            _ready[place] = null;
            Begin(region, process);
        }
    }

    private RecordingFacts WithFamily(RecordingSummary program)
    {
        var facts = program.Facts with { FollowsFamily = true, FamilyId = _id };
        if (_timelines.Count == 0)
            return facts;
        var overTime = FamilyOverTime.Of([(0, facts, program.Timeline),
            .. _timelines.Select(other => (Math.Max(0, other.Facts.BeganNanoseconds - facts.BeganNanoseconds), other.Facts, other.Timeline))]);
        return facts with { FamilyPeakBytes = overTime.PeakBytes, FamilyPeakNanoseconds = overTime.PeakNanoseconds, FamilyPeakProcesses = overTime.PeakProcesses };
    }

    private void NoteWhoWentWithout()
    {
        if (FamilyShape.Unserved(_board.Start) is > 0 and var unserved)
            _troubles.Add(new CannotContinueException($"{unserved} processes that the program started were not recorded: too many began at once", "without children (--no-children, children=False) only the first is recorded"));
        if (FamilyShape.Unfitting(_board.Start) is > 0 and var unfitting)
            _troubles.Add(new CannotContinueException(
                $"{unfitting} programs were started and not recorded: an environment of a million variables, a command of more than 120 KiB, or such large ones by more than 16 threads",
                "give the programs smaller environments"));
    }

    /// <summary>New ones are offered first: in a burst of processes others wait for them.</summary>
    private List<(SharedMemoryFile Region, int Process)> Claimed()
    {
        var claimed = new List<(SharedMemoryFile Region, int Process)>();
        for (var place = 0; place < _ready.Length; place++)
        {
            if (_ready[place] is not { } region || FamilyShape.ClaimedBy(region.Start) is not (> 0 and var process))
                continue;
            claimed.Add((region, process));
            Offer(place);
        }
        return claimed;
    }

    private void Begin(SharedMemoryFile region, int process)
    {
        // The same process with another program: exec.
        if (_running.Find(each => each.ProcessId == process) is { } former)
            End(former);
        var parent = RecordedAncestor(process);
        if (FamilyProcess.TryBegin(region, process, parent, CollectorOf(parent), _names, out var begun, out var trouble))
            _running.Add(begun);
        else
            _troubles.Add(trouble);
    }

    private CollectorReading? CollectorOf(int process) =>
        process == Root ? RootCollector?.Latest : _running.Find(each => each.ProcessId == process)?.Collector;

    /// <summary>The nearest one: between a program and its child there may be a shell.</summary>
    private int RecordedAncestor(int process)
    {
        const int deepest = 64;
        var parent = ProcessTree.ParentOf(process);
        var at = parent;
        for (var level = 0; level < deepest && at > 1; level++)
        {
            if (at == Root || _running.Exists(each => each.ProcessId == at))
                return at;
            at = ProcessTree.ParentOf(at);
        }
        return parent;
    }

    private void End(FamilyProcess process)
    {
        _running.Remove(process);
        using (process)
        {
            if (process.Refusal.Length > 0)
            {
                _troubles.Add(new CannotContinueException($"pid {process.ProcessId} was not recorded: {process.Refusal}", ""));
                return;
            }
            try
            {
                var (member, facts, timeline) = process.Finish(_id);
                _ended.Add(member);
                _timelines.Add((facts, timeline));
            }
            catch (CannotContinueException trouble)
            {
                _troubles.Add(trouble);
            }
        }
    }

    /// <summary>Where there is no memory for another region, later processes are not recorded.</summary>
    private void Offer(int place)
    {
        _ready[place] = null;
        FamilyShape.Offer(_board.Start, place, 0);
        try
        {
            // Only its head is mapped while it waits: all of them whole would be 8 GB of address space.
            var region = SharedMemoryFile.Create("hognose", RingShape.RegionLength, RingShape.HeadLength);
            RingShape.Format(region.Start, _nonce, Environment.ProcessId, StackRoom.Whole, familyDescriptor: _board.Descriptor, choices: _choices);
            _ready[place] = region;
            FamilyShape.Offer(_board.Start, place, region.Descriptor);
        }
        catch (CannotContinueException trouble)
        {
            _troubles.Add(trouble);
        }
    }
}
