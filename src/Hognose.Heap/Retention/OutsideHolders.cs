namespace Hognose.Heap.Retention;

/// <summary>
/// Completes what is known to hold the heap from outside. An object that no root leads to lives because other such objects hold it, or because
/// something outside the graph does: when no object at all leads to it, it is a root. What then remains unreached is cycles and what only they hold,
/// which is what the collector would free (Python/gc.c, deduce_unreachable).
/// </summary>
public static class OutsideHolders
{
    /// <summary>The roots given, each once, in their order, and behind them those that follow.</summary>
    public static int[] Complete(HeapGraph graph, ReadOnlySpan<int> roots) => [.. DepthFirstOrder.OfHeld(graph, roots, CancellationToken.None).Roots];

    /// <summary>Those that follow, ascending.</summary>
    /// <param name="graph">The heap.</param>
    /// <param name="numbers">By node; 0: no root leads to it.</param>
    internal static List<int> AmongUnreached(HeapGraph graph, ReadOnlySpan<int> numbers)
    {
        var unreached = new List<int>();
        for (var node = 0; node < numbers.Length; node++)
            if (numbers[node] == 0)
                unreached.Add(node);
        if (unreached.Count == 0)
            return unreached;
        var isHeld = new bool[numbers.Length];
        foreach (var node in unreached)
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    isHeld[HeapGraph.TargetOf(edge).Value] = true;
        unreached.RemoveAll(node => isHeld[node]);
        return unreached;
    }
}
