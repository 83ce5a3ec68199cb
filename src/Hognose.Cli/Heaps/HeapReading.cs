using Hognose.Cli.Attaching;
using Hognose.CPython.Collector;
using Hognose.CPython.Resident;
using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.Cli.Heaps;

/// <summary>A heap that questions are asked of. Of a process or a core it keeps the copy that names are still read from.</summary>
internal sealed class HeapReading : IDisposable
{
    private readonly IDisposable? _copy;
    private readonly Lazy<Held> _held;
    private readonly Lazy<(ResidentMemory Memory, ResidentAccount Account)?> _resident;
    private readonly Func<Action> _prepareContents;
    private readonly IWorkSteps _work;
    private Task? _goes;

    /// <param name="Roots">Nodes held from outside.</param>
    private sealed record Held(HeldHeap Heap, int[] Roots);

    private HeapReading(IDisposable? copy, HeapGraph graph, Func<Held> held, Func<(ResidentMemory, ResidentAccount)?> resident, Func<Action> prepareContents, IWorkSteps work)
    {
        _copy = copy;
        _work = work;
        _prepareContents = prepareContents;
        _held = new Lazy<Held>(held);
        _resident = new Lazy<(ResidentMemory, ResidentAccount)?>(resident);
        Graph = graph;
    }

    public HeapGraph Graph { get; }

    /// <summary>Of blocks, ascending by address, the types of the objects whose storage they are; −1: none, also where the memory is not at hand.</summary>
    public Func<IReadOnlyList<(ulong Address, long Bytes)>, int[]> TypesOfStorage { get; private init; } = static blocks => [.. blocks.Select(_ => -1)];

    /// <summary>With what holds it, which is worked out when it is first asked for.</summary>
    public HeldHeap Heap
    {
        get
        {
            _work.Begin("finding who holds what");
            return _held.Value.Heap;
        }
    }

    /// <summary>Every resident byte, worked out when it is first asked for.</summary>
    /// <exception cref="CannotContinueException">A snapshot lacks it.</exception>
    public ResidentMemory Resident => ResidentIfKnown
        ?? throw new CannotContinueException($"'{Facts.Subject}' does not say where the resident memory was: a program that looked at itself cannot tell, or the file is damaged there", "ask the process, or a file of 'hognose snapshot' or of --objects");

    /// <summary>Null where a snapshot lacks it.</summary>
    public ResidentMemory? ResidentIfKnown => _resident.Value?.Memory;

    public required HeapFacts Facts { get; init; }

    public required DiagnosticBag Trouble { get; init; }

    /// <summary>The namespaces of modules.</summary>
    public required IReadOnlyList<Holder> Modules { get; init; }

    /// <summary>With their functions under way.</summary>
    public required IReadOnlyList<RunningThread> Threads { get; init; }

    /// <summary>One an interpreter.</summary>
    public required IReadOnlyList<CollectorState> Collectors { get; init; }

    /// <summary>The same, with the columns on contents and storage.</summary>
    /// <exception cref="CannotContinueException">A snapshot has no such columns.</exception>
    public HeldHeap HeapWithContents()
    {
        if (Graph.EqualBefore.Length != Graph.NodeCount)
            _prepareContents()();
        return Heap;
    }

    /// <summary>
    /// The heap, whose copied memory goes meanwhile: it is as large as the program, and dominators take half as much again. Names of references, contents and
    /// resident bytes are not to be had any more, but from a file.
    /// </summary>
    public HeldHeap HeapWithoutMemory()
    {
        var heap = Heap;
        _goes ??= Task.Run(() => _copy?.Dispose());
        return heap;
    }

    /// <param name="readsAccount">Whether <see cref="Resident"/> will be asked for.</param>
    /// <param name="work">Is told what the work is at.</param>
    /// <param name="columns">That the question needs of a file, of those that can be left out.</param>
    /// <param name="asksForBirths">Of a process that another hognose records: that one is asked where objects were allocated. It stands still for longer.</param>
    /// <exception cref="CannotContinueException">It can't be read, or isn't of a Python or a snapshot that we know.</exception>
    public static HeapReading Of(HeapSource source, Limits limits, CancellationToken cancellation, bool readsAccount = false, IWorkSteps? work = null, HeapColumns columns = HeapColumns.All, bool asksForBirths = false)
    {
        work ??= UntoldSteps.Instance;
        OwnHeap.PreferHugePages();
        work.Begin(source.IsSnapshot ? "reading the snapshot" : "copying the memory");
        if (source.IsSnapshot)
            return OfFile(source.Path!, columns, work, cancellation);
        using var births = asksForBirths && source is { Path: null, Way: not CopyWay.Running } ? RecordedBirths.Of(TargetProcess.Open(source.ProcessId), limits) : null;
        return OfMemory(
            (bounds, trouble, ending) => source.Copy(bounds, trouble, readsAccount, ending, atInstant: births is null ? null : births.Note), null, limits, work, cancellation, births);
    }

    /// <summary>Of the program that asks, without what the asking adds to it.</summary>
    /// <param name="copyIt">Makes the copy.</param>
    /// <param name="within">Takes out what is ours.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="births">Noted while the program stood still; null: nobody records it.</param>
    /// <param name="cancellation">Ends it.</param>
    public static HeapReading OfOwn(CopyHeap copyIt, AskedFromWithin within, Limits limits, RecordedBirths? births, CancellationToken cancellation) =>
        OfMemory(copyIt, within, limits, UntoldSteps.Instance, cancellation, births);

    /// <summary>The copy, the Python in it, and the facts, whose clock runs until they are asked for.</summary>
    public delegate (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) CopyHeap(Limits limits, DiagnosticBag trouble, CancellationToken cancellation);

    /// <summary>All of it, to be kept in a file.</summary>
    /// <param name="toolVersion">Ours.</param>
    /// <param name="longestKey">Characters that are kept of contents: text keys, strings, bytes, numbers; 0 leaves them out.</param>
    /// <param name="redaction">Of names.</param>
    /// <param name="cancellation">Ends the work.</param>
    public HeapFile ToFile(string toolVersion, int longestKey, Redaction redaction, CancellationToken cancellation)
    {
        _work.Begin("naming references");
        // Names are read by one thread; who has which block and which contents are equal is found out beside it, from no column that the other changes.
        var contents = Graph.EqualBefore.Length != Graph.NodeCount ? _prepareContents() : static () => { };
        var beside = Task.Run(
            () =>
            {
                var resident = _resident.Value;
                contents();
                return resident;
            },
            cancellation);
        var (heap, roots) = _held.Value;
        var names = heap.Names as StoredNames ?? ((ICompleteNames)heap.Names).ReadAll(Modules.Select(module => module.Node), longestKey, cancellation);
        var facts = SnapshotColumns.FactsOf(Facts, toolVersion, DateTimeOffset.UtcNow, longestKey > 0, Threads, redaction);
        var state = new SnapshotState(Modules, Threads, Collectors, beside.GetAwaiter().GetResult());
        var file = SnapshotColumns.Of(Graph, names, state, roots, facts, Trouble, redaction);
        return heap.Births is { } births ? file.With(births) : file;
    }

    public void Dispose()
    {
        if (_goes is { } goes)
            goes.GetAwaiter().GetResult();
        else
            _copy?.Dispose();
    }

    private static HeapReading OfMemory(
        CopyHeap copyIt, AskedFromWithin? within, Limits limits, IWorkSteps work, CancellationToken cancellation, RecordedBirths? births = null)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = copyIt(limits, trouble, cancellation);
        births?.Receive(trouble);
        work.Begin("finding objects");
        return OfCopy(copy, python, facts, within, limits, trouble, cancellation, work, births);
    }

    /// <summary>Searches a copy, which is the reading's from now on.</summary>
    /// <param name="within">Of a program that asks about itself; null else.</param>
    /// <param name="births">Received; null where they are not known.</param>
    public static HeapReading OfCopy(
        MemoryCopy copy, PythonRuntime python, Func<HeapFacts> facts, AskedFromWithin? within, Limits limits, DiagnosticBag trouble,
        CancellationToken cancellation, IWorkSteps? work = null, RecordedBirths? births = null)
    {
        try
        {
            var walk = HeapWalk.RunWithStatistics(
                copy.Memory, copy.Regions.Regions, python.Address, python.Layout, python.Build.Version, limits, trouble, null, cancellation);
            return new HeapReading(copy, walk.Graph, Read, () => ResidentOf(copy, python, walk.Graph, limits, trouble, cancellation), Contents, work ?? UntoldSteps.Instance)
            {
                Facts = facts(),
                Trouble = trouble,
                Modules = walk.Modules,
                Threads = within is null ? walk.Threads : within.Theirs(walk.Threads),
                Collectors = CollectorReader.Read(copy.Memory, python, walk.TrackedByGeneration, limits),
                TypesOfStorage = blocks => StorageOwners.Of(copy.Memory, python.Layout, walk.Graph, blocks, cancellation),
            };

            Action Contents()
            {
                var fill = walk.Contents.Prepare();
                return () => fill(cancellation);
            }

            Held Read()
            {
                var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, python.Build.Version);
                IReadOnlyList<Holder> holders = [.. walk.Holders];
                if (within is not null)
                {
                    holders = within.Theirs(holders);
                    roots = within.WithoutCaller(walk.Graph, roots, holders);
                }
                return new Held(new HeldHeap(walk.Graph, walk.Names, holders, roots, cancellation) { Births = births?.Join(walk.Graph) }, roots);
            }
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static (ResidentMemory, ResidentAccount)? ResidentOf(
        MemoryCopy copy, PythonRuntime python, HeapGraph graph, Limits limits, DiagnosticBag trouble, CancellationToken cancellation)
    {
        if (copy.Account is not { } account)
            return null;
        var own = new DiagnosticBag();
        var memory = ResidentReader.Read(
            copy.Memory, copy.Regions.Regions, account, python.Address, graph, python.Layout, python.Build.Version, limits, own, cancellation);
        lock (trouble)
            trouble.Merge(own);
        return (memory, account);
    }

    private static HeapReading OfFile(string path, HeapColumns columns, IWorkSteps work, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var file = StoredHeap.Read(path, trouble, columns, work);
        var graph = SnapshotColumns.GraphOf(file);
        List<RunningThread> threads = [.. file.Threads.Select(SnapshotState.Of)];
        List<Holder> holders = [.. SnapshotColumns.HoldersOf(file, threads)];
        return new HeapReading(null, graph, Read, Resident, NoContents, work)
        {
            Facts = SnapshotColumns.FactsOf(file.Facts, path),
            Trouble = trouble,
            Modules = holders.FindAll(holder => holder.Kind == HolderKind.Module),
            Threads = threads,
            Collectors = [.. file.Collectors.Select(SnapshotState.Of)],
        };

        Held Read() =>
            new(new HeldHeap(graph, SnapshotColumns.NamesOf(file, graph), holders, file.Roots, cancellation) { Births = file.Births }, file.Roots);

        (ResidentMemory, ResidentAccount)? Resident() =>
            file.Resident is { } resident ? (SnapshotResident.MemoryOf(resident), SnapshotResident.AccountOf(resident)) : null;

        Action NoContents() => throw new CannotContinueException(
            $"'{path}' does not say which strings are equal and how full containers are", "it is damaged there or of an older hognose: take the snapshot again");
    }
}
