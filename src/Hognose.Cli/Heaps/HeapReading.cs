using Hognose.CPython.Runtime;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Heaps;

/// <summary>A heap that questions are asked of. Of a process or a core it keeps the copy that names are still read from.</summary>
internal sealed class HeapReading : IDisposable
{
    private readonly IDisposable? _copy;
    private readonly Lazy<Held> _held;
    private readonly Action _readContents;

    /// <param name="Holders">In the order of preference.</param>
    /// <param name="Roots">Nodes held from outside.</param>
    private sealed record Held(HeldHeap Heap, IReadOnlyList<Holder> Holders, int[] Roots);

    private HeapReading(IDisposable? copy, HeapGraph graph, Func<Held> held, Action readContents)
    {
        _copy = copy;
        _readContents = readContents;
        _held = new Lazy<Held>(held);
        Graph = graph;
    }

    public HeapGraph Graph { get; }

    /// <summary>With what holds it, which is worked out when it is first asked for.</summary>
    public HeldHeap Heap => _held.Value.Heap;

    public required HeapFacts Facts { get; init; }

    public required DiagnosticBag Trouble { get; init; }

    /// <summary>The same, with the columns on contents and storage.</summary>
    /// <exception cref="CannotContinueException">A snapshot has no such columns.</exception>
    public HeldHeap HeapWithContents()
    {
        if (Graph.ContentHashes.Length == 0)
            _readContents();
        return Heap;
    }

    /// <exception cref="CannotContinueException">It can't be read, or isn't of a Python or a snapshot that we know.</exception>
    public static HeapReading Of(HeapSource source, Limits limits, CancellationToken cancellation) =>
        source.IsSnapshot ? OfFile(source.Path!, cancellation) : OfMemory(source.Copy, null, limits, cancellation);

    /// <summary>Of the program that asks, without what the asking adds to it.</summary>
    /// <param name="copyIt">Makes the copy.</param>
    /// <param name="within">Takes out what is ours.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="cancellation">Ends it.</param>
    public static HeapReading OfOwn(CopyHeap copyIt, AskedFromWithin within, Limits limits, CancellationToken cancellation) =>
        OfMemory(copyIt, within, limits, cancellation);

    /// <summary>The copy, the Python in it, and the facts, whose clock runs until they are asked for.</summary>
    public delegate (MemoryCopy Copy, PythonRuntime Python, Func<HeapFacts> Facts) CopyHeap(Limits limits, DiagnosticBag trouble, CancellationToken cancellation);

    /// <summary>All of it, to be kept in a file.</summary>
    /// <param name="toolVersion">Ours.</param>
    /// <param name="longestKey">Characters that are kept of text keys, which are contents; 0 leaves them out.</param>
    /// <param name="cancellation">Ends the work.</param>
    public HeapFile ToFile(string toolVersion, int longestKey, CancellationToken cancellation)
    {
        var (heap, holders, roots) = _held.Value;
        var modules = holders.Where(holder => holder.Kind == HolderKind.Module).Select(holder => holder.Node);
        var names = heap.Names as StoredNames ?? ((ICompleteNames)heap.Names).ReadAll(modules, longestKey, cancellation);
        var facts = SnapshotColumns.FactsOf(Facts, toolVersion, DateTimeOffset.UtcNow, longestKey > 0);
        return SnapshotColumns.Of(Graph, names, holders, roots, facts, Trouble);
    }

    public void Dispose() => _copy?.Dispose();

    private static HeapReading OfMemory(CopyHeap copyIt, AskedFromWithin? within, Limits limits, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = copyIt(limits, trouble, cancellation);
        return OfCopy(copy, python, facts, within, limits, trouble, cancellation);
    }

    /// <summary>Searches a copy, which is the reading's from now on.</summary>
    /// <param name="within">Of a program that asks about itself; null else.</param>
    public static HeapReading OfCopy(
        MemoryCopy copy, PythonRuntime python, Func<HeapFacts> facts, AskedFromWithin? within, Limits limits, DiagnosticBag trouble,
        CancellationToken cancellation)
    {
        try
        {
            var walk = HeapWalk.RunWithStatistics(
                copy.Memory, copy.Regions.Regions, python.Address, python.Layout, python.Build.Version, limits, trouble, null, cancellation);
            return new HeapReading(copy, walk.Graph, Read, () => walk.Contents.Fill(cancellation)) { Facts = facts(), Trouble = trouble };

            Held Read()
            {
                var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, python.Build.Version);
                IReadOnlyList<Holder> holders = [.. walk.Holders];
                if (within is not null)
                {
                    holders = within.Theirs(holders);
                    roots = within.WithoutCaller(walk.Graph, roots, holders);
                }
                return new Held(new HeldHeap(walk.Graph, walk.Names, holders, roots, cancellation), holders, roots);
            }
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    private static HeapReading OfFile(string path, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var file = StoredHeap.Read(path, trouble);
        var graph = SnapshotColumns.GraphOf(file);
        return new HeapReading(null, graph, Read, NoContents)
        {
            Facts = SnapshotColumns.FactsOf(file.Facts, path),
            Trouble = trouble,
        };

        Held Read()
        {
            List<Holder> holders = [.. SnapshotColumns.HoldersOf(file)];
            var heap = new HeldHeap(graph, SnapshotColumns.NamesOf(file, graph), holders, file.Roots, cancellation) { Births = file.Births };
            return new Held(heap, holders, file.Roots);
        }

        void NoContents() => throw new CannotContinueException(
            $"'{path}' does not say what strings hold and how full containers are, which this question needs", "ask it of the process or of a core");
    }
}
