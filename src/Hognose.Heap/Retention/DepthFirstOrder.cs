using System.Runtime.InteropServices;

namespace Hognose.Heap.Retention;

/// <summary>
/// Numbers the reachable nodes in preorder of a depth-first walk, from 1; number 0 is a made-up node that holds all roots. Each edge is met once, and
/// what dominators need of it is kept: of one that leads on to a higher number only whether it comes from the lowest such, of one that leads back or across all.
/// </summary>
public sealed class DepthFirstOrder
{
    /// <summary>A root that the walk has not come to.</summary>
    private const int OpenRoot = -1;

    private readonly HeapGraph _graph;
    private readonly CancellationToken _cancellation;
    private readonly int[] _numbers;
    private readonly int[] _nodes;
    private readonly int[] _parents;
    private readonly int[] _least;
    private readonly int[] _lastBack;
    private readonly List<BackEdge> _backEdges = [];
    private readonly List<int> _roots = [];
    private (int Node, int Edge)[] _path = new (int, int)[64];
    private int _count;

    private DepthFirstOrder(HeapGraph graph, CancellationToken cancellation)
    {
        _graph = graph;
        _cancellation = cancellation;
        _numbers = new int[graph.NodeCount];
        _nodes = GC.AllocateUninitializedArray<int>(graph.NodeCount + 1);
        _parents = GC.AllocateUninitializedArray<int>(graph.NodeCount + 1);
        _least = GC.AllocateUninitializedArray<int>(graph.NodeCount + 1);
        _lastBack = new int[graph.NodeCount + 1];
    }

    /// <summary>The roots, each once.</summary>
    public IReadOnlyList<int> Roots => _roots;

    /// <summary>By node; 0: not reached.</summary>
    internal int[] Numbers => _numbers;

    /// <summary>By number, up to <see cref="Count"/>.</summary>
    internal int[] Parents => _parents;

    /// <summary>By number: the lowest number that holds it and is not above it; 0 of a root.</summary>
    internal int[] LeastPredecessors => _least;

    /// <summary>By number: one more than its last entry in <see cref="BackEdges"/>; 0: none.</summary>
    internal int[] LastBack => _lastBack;

    /// <summary>Edges that lead to a lower number, but for those to roots, which no node dominates.</summary>
    internal ReadOnlySpan<BackEdge> BackEdges => CollectionsMarshal.AsSpan(_backEdges);

    /// <summary>The highest number.</summary>
    internal int Count => _count;

    /// <summary>All of them, by number.</summary>
    internal ReadOnlyMemory<int> Nodes => _nodes.AsMemory(1, _count);

    /// <summary>Where an edge comes from, and one more than the place of the former edge to the same node; 0: there is none.</summary>
    internal readonly record struct BackEdge(int From, int Former);

    internal int NodeOf(int number) => _nodes[number];

    /// <summary>From these roots.</summary>
    internal static DepthFirstOrder Of(HeapGraph graph, ReadOnlySpan<int> roots, CancellationToken cancellation)
    {
        var order = new DepthFirstOrder(graph, cancellation);
        order.Walk(roots);
        return order;
    }

    /// <summary>From these roots, and from those that follow (<see cref="OutsideHolders"/>).</summary>
    public static DepthFirstOrder OfHeld(HeapGraph graph, ReadOnlySpan<int> roots, CancellationToken cancellation)
    {
        var order = Of(graph, roots, cancellation);
        order.Walk(CollectionsMarshal.AsSpan(OutsideHolders.AmongUnreached(graph, order._numbers)));
        return order;
    }

    private void Walk(ReadOnlySpan<int> roots)
    {
        var first = _roots.Count;
        foreach (var root in roots)
        {
            if (_numbers[root] == OpenRoot)
                continue;
            _roots.Add(root);
            _numbers[root] = OpenRoot;
        }
        for (var i = first; i < _roots.Count; i++)
            if (_numbers[_roots[i]] == OpenRoot)
                Descend(_roots[i]);
    }

    private void Descend(int node)
    {
        var (starts, edges, numbers, least) = (_graph.EdgeStarts, _graph.Edges, _numbers, _least);
        var depth = 0;
        var number = Enter(node, 0);
        var edge = starts[node];
        var end = starts[node + 1];
        while (true)
        {
            while (edge < end)
            {
                var reference = edges[edge++];
                if (HeapGraph.KindOf(reference) == EdgeKind.GcOnly)
                    continue;
                var target = HeapGraph.TargetOf(reference).Value;
                var to = numbers[target];
                if (to > number)
                {
                    least[to] = Math.Min(least[to], number);
                }
                else if (to > 0)
                {
                    if (to < number && least[to] != 0)
                        AddBackEdge(number, to);
                }
                else
                {
                    var entered = Enter(target, number);
                    var targetEdge = starts[target];
                    var targetEnd = starts[target + 1];
                    if (targetEdge == targetEnd)
                        continue;
                    if (depth == _path.Length)
                        Array.Resize(ref _path, depth * 2);
                    _path[depth++] = (node, edge);
                    (node, number, edge, end) = (target, entered, targetEdge, targetEnd);
                }
            }
            if (depth == 0)
                return;
            (node, edge) = _path[--depth];
            number = numbers[node];
            end = starts[node + 1];
        }
    }

    private int Enter(int node, int parent)
    {
        var number = ++_count;
        if ((number & 0xfffff) == 0)
            _cancellation.ThrowIfCancellationRequested();
        _least[number] = _numbers[node] == OpenRoot ? 0 : parent;
        _numbers[node] = number;
        _nodes[number] = node;
        _parents[number] = parent;
        return number;
    }

    private void AddBackEdge(int from, int to)
    {
        _backEdges.Add(new BackEdge(from, _lastBack[to]));
        _lastBack[to] = _backEdges.Count;
    }
}
