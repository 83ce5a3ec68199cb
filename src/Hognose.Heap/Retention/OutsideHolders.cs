namespace Hognose.Heap.Retention;

/// <summary>
/// Completes what is known to hold the heap from outside. An object that no root leads to lives because other such objects hold it, or because
/// something outside the graph does: when no object at all leads to it, it is a root. What then remains unreached is cycles and what only they hold,
/// which is what the collector would free (Python/gc.c, deduce_unreachable).
/// </summary>
public static class OutsideHolders
{
    /// <summary>The roots given, each once, in their order, and behind them those that follow.</summary>
    public static int[] Complete(HeapGraph graph, ReadOnlySpan<int> roots)
    {
        var reached = new bool[graph.NodeCount];
        var open = new Stack<int>();
        var all = new List<int>();
        var isRoot = new bool[graph.NodeCount];
        foreach (var root in roots)
        {
            if (isRoot[root])
                continue;
            isRoot[root] = true;
            all.Add(root);
            Reach(graph, root, reached, open);
        }
        var holders = HoldersAmongUnreached(graph, reached);
        for (var node = 0; node < holders.Length; node++)
        {
            if (reached[node] || holders[node] > 0)
                continue;
            all.Add(node);
            Reach(graph, node, reached, open);
        }
        return [.. all];
    }

    private static int[] HoldersAmongUnreached(HeapGraph graph, bool[] reached)
    {
        var holders = new int[graph.NodeCount];
        for (var node = 0; node < holders.Length; node++)
        {
            if (reached[node])
                continue;
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    holders[HeapGraph.TargetOf(edge).Value]++;
        }
        return holders;
    }

    private static void Reach(HeapGraph graph, int root, bool[] reached, Stack<int> open)
    {
        if (reached[root])
            return;
        reached[root] = true;
        open.Push(root);
        while (open.TryPop(out var node))
        {
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
            {
                var target = HeapGraph.TargetOf(edge).Value;
                if (HeapGraph.KindOf(edge) == EdgeKind.GcOnly || reached[target])
                    continue;
                reached[target] = true;
                open.Push(target);
            }
        }
    }
}
