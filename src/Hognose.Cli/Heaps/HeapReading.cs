using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Cli.Heaps;

/// <summary>A heap that questions are asked of. Of a process or a core it keeps the copy that names are still read from.</summary>
internal sealed class HeapReading : IDisposable
{
    private readonly IDisposable? _copy;
    private readonly IReadOnlyList<Holder> _holders;
    private readonly int[] _roots;

    private HeapReading(IDisposable? copy, HeapGraph graph, IReferenceNames names, IEnumerable<Holder> holders, int[] roots, CancellationToken cancellation)
    {
        _copy = copy;
        _holders = [.. holders];
        _roots = roots;
        Heap = new HeldHeap(graph, names, _holders, roots, cancellation);
    }

    public HeldHeap Heap { get; }

    public required HeapFacts Facts { get; init; }

    public required DiagnosticBag Trouble { get; init; }

    /// <exception cref="CannotContinueException">It can't be read, or isn't of a Python or a snapshot that we know.</exception>
    public static HeapReading Of(HeapSource source, Limits limits, CancellationToken cancellation) =>
        source.IsSnapshot ? OfFile(source.Path!, cancellation) : OfMemory(source, limits, cancellation);

    private static HeapReading OfMemory(HeapSource source, Limits limits, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = source.Copy(limits, trouble, cancellation);
        try
        {
            var walk = HeapWalk.RunWithStatistics(
                copy.Memory, copy.Regions.Regions, python.Address, python.Layout, python.Build.Version, limits, trouble, null, cancellation);
            var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, python.Build.Version);
            return new HeapReading(copy, walk.Graph, walk.Names, walk.Holders, roots, cancellation) { Facts = facts(), Trouble = trouble };
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>All of it, to be kept in a file.</summary>
    /// <param name="toolVersion">Ours.</param>
    /// <param name="longestKey">Characters that are kept of text keys, which are contents; 0 leaves them out.</param>
    /// <param name="cancellation">Ends the work.</param>
    public HeapFile ToFile(string toolVersion, int longestKey, CancellationToken cancellation)
    {
        var modules = _holders.Where(holder => holder.Kind == HolderKind.Module).Select(holder => holder.Node);
        var names = Heap.Names as StoredNames ?? ((ICompleteNames)Heap.Names).ReadAll(modules, longestKey, cancellation);
        var facts = SnapshotColumns.FactsOf(Facts, toolVersion, DateTimeOffset.UtcNow, longestKey > 0);
        return SnapshotColumns.Of(Heap.Graph, names, _holders, _roots, facts, Trouble);
    }

    public void Dispose() => _copy?.Dispose();

    private static HeapReading OfFile(string path, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var file = StoredHeap.Read(path, trouble);
        var graph = SnapshotColumns.GraphOf(file);
        return new HeapReading(null, graph, SnapshotColumns.NamesOf(file, graph), SnapshotColumns.HoldersOf(file), file.Roots, cancellation)
        {
            Facts = SnapshotColumns.FactsOf(file.Facts, path),
            Trouble = trouble,
        };
    }
}
