using System.Diagnostics;
using Hognose.Cli.Recordings;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Collections;
using Hognose.Insights.Families;
using Hognose.Recording;
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
    private const int NapMicroseconds = 500;

    /// <summary>A program may start hundreds of Pythons, and end them all at once.</summary>
    private const int MostCopies = 4;

    /// <summary>For processes that outlive the program, when their heaps are wanted.</summary>
    private static readonly TimeSpan LongestGrace = TimeSpan.FromMilliseconds(500);

    private readonly SharedMemoryFile _board = SharedMemoryFile.Create("hognose-family", FamilyShape.Length);
    private readonly SharedMemoryFile?[] _ready = new SharedMemoryFile?[FamilyShape.Places];
    private readonly List<FamilyProcess> _running = [];
    private readonly List<Task<FamilyEnd>> _ended = [];
    private readonly List<CannotContinueException> _troubles = [];
    private readonly RecordingName _names;
    private readonly RecordingChoices _choices;
    private readonly bool _looksAtObjects;

    /// <summary>Heaps are read one after the other: each takes memory, and the program's processes want the cores.</summary>
    private Task _lastReading = Task.CompletedTask;
    private readonly SemaphoreSlim _roomForCopies = new(MostCopies);
    private readonly long _id = Random.Shared.NextInt64(1, long.MaxValue);
    private int _turn;
    private readonly ulong _nonce;

    /// <param name="library">To be loaded into them.</param>
    /// <param name="nonce">Of the recording.</param>
    /// <param name="names">Of their files.</param>
    /// <param name="choices">What to record.</param>
    /// <param name="looksAtObjects">Each heap is copied before its process ends.</param>
    /// <exception cref="CannotContinueException">There is no shared memory.</exception>
    public FamilyRecording(AgentLibrary library, ulong nonce, RecordingName names, RecordingChoices choices, bool looksAtObjects)
    {
        (_nonce, _names, _choices, _looksAtObjects) = (nonce, names, choices, looksAtObjects);
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

    /// <summary>Of those that run.</summary>
    public IEnumerable<RecordingSession> Sessions => _running.Select(each => each.Session);

    /// <summary>Null: it is none of these.</summary>
    public RecordingSession? SessionOf(int process) => _running.Find(each => each.ProcessId == process)?.Session;

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
        WaitForCopies();
        foreach (var process in _running)
        {
            process.AskToStop();
            process.Step();
        }
        while (_running.Count > 0)
            End(_running[^1]);
        NoteWhoWentWithout();
        var ends = Kept();
        return program with { Family = [.. ends.Select(end => end.Member).OrderBy(member => member.StartedAt)], Facts = WithFamily(program, ends) };
    }

    public void Dispose()
    {
        foreach (var process in _running)
            process.Dispose();
        foreach (var region in _ready)
            region?.Dispose();
        _board.Dispose();
        _roomForCopies.Dispose();
    }

    /// <summary>Of processes that end with the program or because of its end, as multiprocessing's helpers do.</summary>
    private void WaitForCopies()
    {
        var began = Stopwatch.GetTimestamp();
        while (_looksAtObjects && _running.Exists(process => process.IsBeingCopied || (!process.HasEnded && Stopwatch.GetElapsedTime(began) < LongestGrace)))
        {
            foreach (var process in _running)
                process.Step();
            Nap.For(NapMicroseconds);
        }
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

    /// <summary>All that could be.</summary>
    private List<FamilyEnd> Kept()
    {
        var kept = new List<FamilyEnd>();
        foreach (var ended in _ended)
        {
            try
            {
                var end = ended.GetAwaiter().GetResult();
                kept.Add(end);
                _troubles.AddRange(end.Troubles.Select(trouble => new CannotContinueException($"objects of pid {end.Member.ProcessId}: {trouble.Message}", "")));
            }
            catch (CannotContinueException trouble)
            {
                _troubles.Add(trouble);
            }
        }
        if (_looksAtObjects && kept.Count(end => !end.WasLookedAt) is > 0 and var unseen)
            _troubles.Add(new CannotContinueException(
                $"objects of {unseen} of {kept.Count} processes that the program started were not looked at: a signal ended them, they became other programs, they go on, or too many ended at once",
                "let them end by themselves (multiprocessing: Pool.close and join, not terminate)"));
        return kept;
    }

    private RecordingFacts WithFamily(RecordingSummary program, List<FamilyEnd> ends)
    {
        var facts = program.Facts with { FollowsFamily = true, FamilyId = _id };
        if (ends.Count == 0)
            return facts;
        var overTime = FamilyOverTime.Of([(0, facts, program.Timeline),
            .. ends.Select(other => (Math.Max(0, other.Facts.BeganNanoseconds - facts.BeganNanoseconds), other.Facts, other.Timeline))]);
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
        var parent = RecordedAncestor(process, FamilyShape.ParentOfClaimer(region.Start));
        if (FamilyProcess.TryBegin(region, process, parent, CollectorOf(parent), _names, _roomForCopies, out var begun, out var trouble))
            _running.Add(begun);
        else
            _troubles.Add(trouble);
    }

    private CollectorReading? CollectorOf(int process) =>
        process == Root ? RootCollector?.Latest : _running.Find(each => each.ProcessId == process)?.Collector;

    /// <summary>The nearest one: between a program and its child there may be a shell.</summary>
    /// <param name="process">Perhaps gone.</param>
    /// <param name="said">By itself.</param>
    private int RecordedAncestor(int process, int said)
    {
        const int deepest = 64;
        var parent = ProcessTree.ParentOf(process) is > 0 and var known ? known : said;
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
        if (process.Refusal.Length > 0)
        {
            _troubles.Add(new CannotContinueException($"pid {process.ProcessId} was not recorded: {process.Refusal}", ""));
            process.Dispose();
            return;
        }
        process.Finish(_id);
        var kept = process.HasHeap
            ? _lastReading.ContinueWith(_ => Keep(process), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default).Unwrap()
            : Keep(process);
        _lastReading = process.HasHeap ? kept : _lastReading;
        _ended.Add(kept);
    }

    private static Task<FamilyEnd> Keep(FamilyProcess process)
    {
        using (process)
        {
            try
            {
                return Task.FromResult(process.Keep());
            }
            catch (CannotContinueException trouble)
            {
                return Task.FromException<FamilyEnd>(trouble);
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
            RingShape.Format(region.Start, _nonce, Environment.ProcessId, StackRoom.Whole, _looksAtObjects, familyDescriptor: _board.Descriptor, choices: _choices);
            _ready[place] = region;
            FamilyShape.Offer(_board.Start, place, region.Descriptor);
        }
        catch (CannotContinueException trouble)
        {
            _troubles.Add(trouble);
        }
    }
}
