namespace Hognose.Heap.Retention;

/// <summary>
/// For every object a shortest way to it from what holds the heap, by one breadth-first walk; 4 bytes an object. Among ways of one length
/// the one from the earlier root wins, so a caller puts first what reads best.
/// </summary>
public sealed class ShortestPaths
{
    private const int NotReached = -2;
    private const int FromOutside = -1;

    private readonly int[] _before;

    private ShortestPaths(int[] before) => _before = before;

    /// <param name="graph">Edges that only the collector sees are no ownership and are left out.</param>
    /// <param name="roots">In the order of preference.</param>
    /// <param name="laterRoots">Where to go on when those lead to nothing more: their objects are only found by ways that the first don't have.</param>
    /// <param name="avoided">References (from, to) to do without; usually none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static ShortestPaths Of(
        HeapGraph graph, ReadOnlySpan<int> roots, ReadOnlySpan<int> laterRoots, IReadOnlySet<(int From, int To)> avoided, CancellationToken cancellation)
    {
        var before = new int[graph.NodeCount];
        Array.Fill(before, NotReached);
        var queue = new int[graph.NodeCount];
        int first = 0, last = 0;
        Walk(roots);
        Walk(laterRoots);
        return new ShortestPaths(before);

        void Walk(ReadOnlySpan<int> starts)
        {
            foreach (var root in starts)
                Enter(root, FromOutside);
            for (; first < last; first++)
            {
                if ((first & 0xfffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                foreach (var edge in graph.EdgesOf(new NodeId(queue[first])))
                    if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly && (avoided.Count == 0 || !avoided.Contains((queue[first], HeapGraph.TargetOf(edge).Value))))
                        Enter(HeapGraph.TargetOf(edge).Value, queue[first]);
            }
        }

        void Enter(int node, int from)
        {
            if (before[node] != NotReached)
                return;
            before[node] = from;
            queue[last++] = node;
        }
    }

    public bool IsReached(NodeId node) => _before[node.Value] != NotReached;

    /// <summary>The node before it on the way from a root; negative for what a root holds itself, and for what nothing leads to.</summary>
    public int Before(NodeId node) => _before[node.Value];

    /// <summary>From a root to the node, both included; empty when nothing leads to it.</summary>
    public NodeId[] To(NodeId node)
    {
        if (!IsReached(node))
            return [];
        var path = new List<NodeId>();
        for (var at = node.Value; at >= 0; at = _before[at])
            path.Add(new NodeId(at));
        path.Reverse();
        return [.. path];
    }
}
