using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Heaps;

/// <summary>The heap of a process or a core, and the copy that names are still read from.</summary>
internal sealed class HeapReading : IDisposable
{
    private readonly MemoryCopy _copy;
    private readonly Lazy<HeldHeap> _heap;

    private readonly Action _readContents;

    private HeapReading(MemoryCopy copy, HeapGraph graph, Func<HeldHeap> heap, Action readContents, HeapFacts facts, DiagnosticBag trouble)
    {
        _copy = copy;
        _readContents = readContents;
        _heap = new Lazy<HeldHeap>(heap);
        Graph = graph;
        Facts = facts;
        Trouble = trouble;
    }

    public HeapGraph Graph { get; }

    /// <summary>With what holds it, which is worked out when it is first asked for.</summary>
    public HeldHeap Heap => _heap.Value;

    public HeapFacts Facts { get; }

    public DiagnosticBag Trouble { get; }

    /// <summary>The same, with the columns on contents and storage.</summary>
    public HeldHeap HeapWithContents()
    {
        if (Graph.ContentHashes.Length == 0)
            _readContents();
        return Heap;
    }

    /// <exception cref="CannotContinueException">The process can't be read, or isn't a Python that we know.</exception>
    public static HeapReading Of(HeapSource source, Limits limits, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = source.Copy(limits, trouble, cancellation);
        try
        {
            var walk = HeapWalk.RunWithStatistics(
                copy.Memory, copy.Regions.Regions, python.Address, python.Layout, python.Build.Version, limits, trouble, null, cancellation);
            return new HeapReading(copy, walk.Graph, Held, () => walk.Contents.Fill(cancellation), facts(), trouble);

            HeldHeap Held()
            {
                var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, python.Build.Version);
                return new HeldHeap(walk.Graph, walk.Names, walk.Holders, roots, cancellation);
            }
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _copy.Dispose();
}
