using Hognose.CPython.Layouts;
using Hognose.CPython.Versions;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Walk;

/// <summary>
/// The graph held against the reference counts that the target keeps: a self-test of layouts and readers that needs no truth from the
/// target. Immortal objects and interned strings, whose counts leave out the table of interned strings, take no part.
/// </summary>
/// <param name="Equal">Objects with as many edges to them as their count says.</param>
/// <param name="Held">Objects with fewer: something outside the heap holds them.</param>
/// <param name="Impossible">Objects with more: an edge is false, or borrowed.</param>
public readonly record struct RefcountAudit(long Equal, long Held, long Impossible)
{
    public long Total => Equal + Held + Impossible;

    /// <summary>Between 0 and 1; below 0.99 the layout should not be trusted.</summary>
    public double Agreement => Total == 0 ? 1 : (double)Equal / Total;

    /// <param name="memory">The memory that the graph was read from.</param>
    public static unsafe RefcountAudit Of(FrozenMemory memory, HeapWalkResult walk, CPythonLayout layout, PythonVersion version)
    {
        var graph = walk.Graph;
        var counts = ReaderTable.ReferenceCountsOf(version);
        var degrees = graph.InDegrees();
        foreach (var node in walk.HeldByFrames)
            degrees[node]++;
        long equal = 0, held = 0, impossible = 0;
        for (var node = 0; node < degrees.Length; node++)
        {
            var at = memory.Translate(graph.Addresses[node], (ulong)layout.PyASCIIObject.Size);
            if (at == null || counts.IsImmortal(*(ulong*)at) || OutsideReferences.IsInterned(at, memory, layout))
                continue;
            var difference = counts.Count(*(ulong*)at) - degrees[node];
            if (difference == 0)
                equal++;
            else if (difference > 0)
                held++;
            else
                impossible++;
        }
        return new RefcountAudit(equal, held, impossible);
    }
}
