namespace Hognose.Heap.Cycles;

/// <summary>
/// Sets of objects that all lead to each other: an object is on a cycle when its component has another object, or when it refers to itself.
/// Tarjan's algorithm (SIAM J. Comput. 1, 1972) without recursion; 16 bytes a node while it works.
/// </summary>
public sealed class StrongComponents
{
    private const int Unseen = 0;
    private const int Done = int.MaxValue;
    private readonly HeapGraph _graph;
    private readonly Func<int, bool> _takesPart;
    private readonly int[] _order;
    private readonly int[] _low;
    private readonly Stack<(int Node, int Edge)> _walk = new();
    private readonly Stack<int> _open = new();
    private readonly List<int[]> _cycles = [];
    private int _next = Unseen;

    private StrongComponents(HeapGraph graph, Func<int, bool> takesPart)
    {
        _graph = graph;
        _takesPart = takesPart;
        _order = new int[graph.NodeCount];
        _low = new int[graph.NodeCount];
    }

    /// <summary>The components that are cycles, each with its nodes in ascending order, in the order of their first nodes.</summary>
    /// <param name="graph">Owning edges count; one that only the collector sees is none.</param>
    /// <param name="takesPart">The nodes that are looked at; edges to others are passed over.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static IReadOnlyList<int[]> CyclesOf(HeapGraph graph, Func<int, bool> takesPart, CancellationToken cancellation)
    {
        var components = new StrongComponents(graph, takesPart);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            if (components._order[node] == Unseen && takesPart(node))
                components.Walk(node);
        }
        return [.. components._cycles.OrderBy(cycle => cycle[0])];
    }

    private void Walk(int start)
    {
        Enter(start);
        while (_walk.TryPop(out var at))
        {
            var (node, edge) = at;
            var end = _graph.EdgeStarts[node + 1];
            var entered = false;
            for (; edge < end && !entered; edge++)
                entered = Follow(node, edge);
            if (entered)
                continue;
            if (_low[node] == _order[node])
                Close(node);
            if (_walk.TryPeek(out var caller))
                _low[caller.Node] = Math.Min(_low[caller.Node], _low[node]);
        }
    }

    /// <returns>true: another node was entered, and this edge's node waits below it.</returns>
    private bool Follow(int node, int edge)
    {
        var target = HeapGraph.TargetOf(_graph.Edges[edge]).Value;
        if (HeapGraph.KindOf(_graph.Edges[edge]) == EdgeKind.GcOnly || !_takesPart(target))
            return false;
        if (_order[target] == Unseen)
        {
            _walk.Push((node, edge + 1));
            Enter(target);
            return true;
        }
        if (_order[target] != Done)
            _low[node] = Math.Min(_low[node], _order[target]);
        return false;
    }

    private void Enter(int node)
    {
        _order[node] = _low[node] = ++_next;
        _open.Push(node);
        _walk.Push((node, _graph.EdgeStarts[node]));
    }

    private void Close(int first)
    {
        var members = new List<int>();
        int node;
        do
        {
            node = _open.Pop();
            _order[node] = Done;
            _low[node] = Done;
            members.Add(node);
        }
        while (node != first);
        if (members.Count == 1 && !RefersToItself(first))
            return;
        members.Sort();
        _cycles.Add([.. members]);
    }

    private bool RefersToItself(int node)
    {
        foreach (var edge in _graph.EdgesOf(new NodeId(node)))
            if (HeapGraph.TargetOf(edge).Value == node && HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                return true;
        return false;
    }
}
