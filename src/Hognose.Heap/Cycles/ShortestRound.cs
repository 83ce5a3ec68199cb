namespace Hognose.Heap.Cycles;

/// <summary>A shortest way round a cycle: from one of its objects back to it.</summary>
public static class ShortestRound
{
    /// <param name="graph">The objects.</param>
    /// <param name="cycle">A component of <see cref="StrongComponents"/>, ascending.</param>
    /// <param name="through">An object of it.</param>
    /// <returns>The objects in order, <paramref name="through"/> first; the last refers to the first.</returns>
    public static IReadOnlyList<int> Of(HeapGraph graph, int[] cycle, int through)
    {
        var cameFrom = new Dictionary<int, int>();
        var open = new Queue<int>([through]);
        while (open.TryDequeue(out var node))
        {
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
            {
                var target = HeapGraph.TargetOf(edge).Value;
                if (HeapGraph.KindOf(edge) == EdgeKind.GcOnly || Array.BinarySearch(cycle, target) < 0)
                    continue;
                if (target == through)
                    return Back(cameFrom, node, through);
                if (cameFrom.TryAdd(target, node))
                    open.Enqueue(target);
            }
        }
        return [through];
    }

    private static List<int> Back(Dictionary<int, int> cameFrom, int last, int through)
    {
        var round = new List<int>();
        for (var node = last; node != through; node = cameFrom[node])
            round.Add(node);
        round.Add(through);
        round.Reverse();
        return round;
    }
}
