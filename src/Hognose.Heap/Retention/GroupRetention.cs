namespace Hognose.Heap.Retention;

/// <summary>What the objects of a group keep alive together: what would be freed were all of them gone, nothing counted twice.</summary>
public static class GroupRetention
{
    /// <summary>In no group.</summary>
    public const int None = -1;

    /// <summary>
    /// A lower bound for every group in one walk of the dominator tree: what each object dominates, one within another of its group counted once.
    /// What two objects of a group hold together, so that neither dominates it, is left out.
    /// </summary>
    /// <param name="tree">Of the heap.</param>
    /// <param name="groupOf">By node: its group, or <see cref="None"/>.</param>
    /// <param name="groups">How many there are.</param>
    /// <returns>Bytes by group.</returns>
    public static long[] AtLeast(DominatorTree tree, ReadOnlySpan<int> groupOf, int groups)
    {
        var retained = new long[groups];
        var open = new int[groups];
        var path = new Stack<(int Node, int Next)>();
        foreach (var top in tree.TopParts)
        {
            Enter(top, groupOf);
            while (path.TryPop(out var at))
            {
                var parts = tree.PartsOf(new NodeId(at.Node));
                if (at.Next == parts.Length)
                {
                    if (groupOf[at.Node] != None)
                        open[groupOf[at.Node]]--;
                    continue;
                }
                path.Push((at.Node, at.Next + 1));
                Enter(parts[at.Next], groupOf);
            }
        }
        return retained;

        void Enter(int node, ReadOnlySpan<int> groupOf)
        {
            var group = groupOf[node];
            if (group != None && open[group]++ == 0)
                retained[group] += tree.RetainedBy(new NodeId(node));
            path.Push((node, 0));
        }
    }

    /// <summary>Exactly, for one group, by a walk of the heap without it.</summary>
    /// <param name="graph">Edges that only the collector sees are no ownership and are left out.</param>
    /// <param name="roots">Nodes that are held from outside the graph.</param>
    /// <param name="reachedBytes">What they lead to with the group in place.</param>
    /// <param name="groupOf">By node.</param>
    /// <param name="group">The one asked about.</param>
    /// <param name="cancellation">Ends the walk.</param>
    /// <returns>Bytes.</returns>
    public static long Exact(
        HeapGraph graph, ReadOnlySpan<int> roots, long reachedBytes, ReadOnlySpan<int> groupOf, int group, CancellationToken cancellation)
    {
        var seen = new bool[graph.NodeCount];
        var open = new Stack<int>();
        long kept = 0;
        foreach (var root in roots)
        {
            Reach(root, groupOf);
            while (open.TryPop(out var node))
            {
                if ((open.Count & 0xfffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                foreach (var edge in graph.EdgesOf(new NodeId(node)))
                    if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                        Reach(HeapGraph.TargetOf(edge).Value, groupOf);
            }
        }
        return reachedBytes - kept;

        void Reach(int node, ReadOnlySpan<int> groupOf)
        {
            if (seen[node] || groupOf[node] == group)
                return;
            seen[node] = true;
            kept += graph.Sizes[node];
            open.Push(node);
        }
    }
}
