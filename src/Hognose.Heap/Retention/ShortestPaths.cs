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
        var later = laterRoots.ToArray();
        return Of(graph, roots, () => later, avoided, cancellation);
    }

    /// <summary>The same where the later roots are worked out beside the walk from the first.</summary>
    public static ShortestPaths Of(
        HeapGraph graph, ReadOnlySpan<int> roots, Func<int[]> laterRoots, IReadOnlySet<(int From, int To)> avoided, CancellationToken cancellation)
    {
        var walk = new BreadthFirstWalk(graph, avoided, cancellation);
        walk.GoOn(roots);
        walk.GoOn(laterRoots());
        return new ShortestPaths(walk.Before);
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

    private sealed class BreadthFirstWalk
    {
        private readonly HeapGraph _graph;
        private readonly IReadOnlySet<(int From, int To)> _avoided;
        private readonly CancellationToken _cancellation;
        private readonly int[] _queue;
        private int _first;
        private int _last;

        public BreadthFirstWalk(HeapGraph graph, IReadOnlySet<(int From, int To)> avoided, CancellationToken cancellation)
        {
            (_graph, _avoided, _cancellation) = (graph, avoided, cancellation);
            Before = GC.AllocateUninitializedArray<int>(graph.NodeCount);
            Array.Fill(Before, NotReached);
            _queue = GC.AllocateUninitializedArray<int>(graph.NodeCount);
        }

        public int[] Before { get; }

        public void GoOn(ReadOnlySpan<int> starts)
        {
            foreach (var root in starts)
                Enter(root, FromOutside);
            for (; _first < _last; _first++)
            {
                if ((_first & 0xfffff) == 0)
                    _cancellation.ThrowIfCancellationRequested();
                var node = _queue[_first];
                foreach (var edge in _graph.EdgesOf(new NodeId(node)))
                    if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly && (_avoided.Count == 0 || !_avoided.Contains((node, HeapGraph.TargetOf(edge).Value))))
                        Enter(HeapGraph.TargetOf(edge).Value, node);
            }
        }

        /// <summary>What refers to nothing need not be looked at again.</summary>
        private void Enter(int node, int from)
        {
            if (Before[node] != NotReached)
                return;
            Before[node] = from;
            if (_graph.EdgeStarts[node] != _graph.EdgeStarts[node + 1])
                _queue[_last++] = node;
        }
    }
}
