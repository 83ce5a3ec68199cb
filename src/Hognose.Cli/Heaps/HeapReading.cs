using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Targets.Copying;

namespace Hognose.Cli.Heaps;

/// <summary>The heap of a process or a core, and the copy that names are still read from.</summary>
internal sealed class HeapReading : IDisposable
{
    private readonly MemoryCopy _copy;

    private HeapReading(MemoryCopy copy, HeldHeap heap, HeapFacts facts, DiagnosticBag trouble)
    {
        _copy = copy;
        Heap = heap;
        Facts = facts;
        Trouble = trouble;
    }

    public HeldHeap Heap { get; }

    public HeapFacts Facts { get; }

    public DiagnosticBag Trouble { get; }

    /// <exception cref="CannotContinueException">The process can't be read, or isn't a Python that we know.</exception>
    public static HeapReading Of(HeapSource source, Limits limits, CancellationToken cancellation)
    {
        var trouble = new DiagnosticBag();
        var (copy, python, facts) = source.Copy(limits, trouble, cancellation);
        try
        {
            var walk = HeapWalk.RunWithStatistics(
                copy.Memory, copy.Regions.Regions, python.Address, python.Layout, python.Build.Version, limits, trouble, null, cancellation);
            var roots = OutsideReferences.Roots(copy.Memory, walk, python.Layout, python.Build.Version);
            return new HeapReading(copy, new HeldHeap(walk.Graph, walk.Names, walk.Holders, roots, cancellation), facts(), trouble);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose() => _copy.Dispose();
}
