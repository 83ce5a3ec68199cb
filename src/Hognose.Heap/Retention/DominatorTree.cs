using Hognose.Columns;

namespace Hognose.Heap.Retention;

/// <summary>
/// Who keeps what alive. Object <c>d</c> dominates object <c>x</c> when every way from a root to <c>x</c> leads through <c>d</c>: were <c>d</c> gone,
/// <c>x</c> would be freed. The retained size of an object is the shallow size of all that it dominates, itself included.
/// Semi-NCA (L. Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, ch. 2.2), on arrays, without recursion:
/// about 26 bytes an object and 8 a reference that does not lead downwards while it is built, 18 after.
/// </summary>
public sealed class DominatorTree
{
    /// <summary>The dominator of a node that a root holds directly, or that several roots hold in different ways.</summary>
    public const int Root = -1;

    /// <summary>No root leads to the node: it is garbage that a collection would free.</summary>
    public const int Unreached = -2;

    private readonly int[] _dominators;
    private readonly NumberColumn _retained;
    private readonly ReadOnlyMemory<int> _topDown;
    private (int[] Starts, int[] Nodes)? _children;
    private bool[] _isSorted = [];
    private long[] _keys = [];

    private DominatorTree(int[] dominators, NumberColumn retained, long retainedByRoots, ReadOnlyMemory<int> topDown)
    {
        _dominators = dominators;
        _retained = retained;
        RetainedByRoots = retainedByRoots;
        _topDown = topDown;
    }

    /// <summary>Shallow bytes of all that a root leads to.</summary>
    public long RetainedByRoots { get; }

    /// <summary>How many objects those are.</summary>
    public int Reached => _topDown.Length;

    /// <summary>Them, each behind its dominator.</summary>
    public ReadOnlySpan<int> TopDown => _topDown.Span;

    /// <param name="graph">Edges that only the collector sees are no ownership and are left out.</param>
    /// <param name="roots">Nodes that are held from outside the graph; any order, each as often as it likes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static DominatorTree Of(HeapGraph graph, ReadOnlySpan<int> roots, CancellationToken cancellation) =>
        Of(graph, DepthFirstOrder.Of(graph, roots, cancellation), cancellation);

    /// <param name="graph">Edges that only the collector sees are no ownership and are left out.</param>
    /// <param name="order">From the roots. Its columns are used up: most of them become the tree's.</param>
    /// <param name="cancellation">Ends it.</param>
    public static DominatorTree Of(HeapGraph graph, DepthFirstOrder order, CancellationToken cancellation)
    {
        var dominators = new SemiNca(order).Run(cancellation);
        // Nobody asks for numbers any more, nor for what semi-NCA needed.
        var byNode = order.Numbers;
        Array.Fill(byNode, Unreached);
        var held = new SplitSums(order.LeastPredecessors, order.LastBack);
        var retained = new NumberColumn(graph.NodeCount);
        long all = 0;
        for (var number = order.Count; number >= 1; number--)
        {
            var node = order.NodeOf(number);
            var size = graph.Sizes[node];
            var sum = held[number] + size;
            var dominator = dominators[number];
            all += size;
            retained[node] = sum;
            byNode[node] = dominator == 0 ? Root : order.NodeOf(dominator);
            if (dominator != 0)
                held.Add(dominator, sum);
        }
        return new DominatorTree(byNode, retained, all, order.Nodes);
    }

    /// <summary>The immediate dominator; <see cref="Root"/> or <see cref="Unreached"/> where there is none.</summary>
    public int DominatorOf(NodeId node) => _dominators[node.Value];

    public bool IsReached(NodeId node) => _dominators[node.Value] != Unreached;

    /// <summary>Bytes; 0 for what no root leads to.</summary>
    public long RetainedBy(NodeId node) => _retained[node.Value];

    /// <summary>What the node dominates immediately, the most retained bytes first.</summary>
    public ReadOnlySpan<int> DominatedBy(NodeId node) => SortedChildrenAt(node.Value + 1);

    /// <summary>What no single object dominates, the most retained bytes first.</summary>
    public ReadOnlySpan<int> Top => SortedChildrenAt(0);

    /// <summary>The same as <see cref="DominatedBy"/>, in no order: for whoever goes over all of them.</summary>
    public ReadOnlySpan<int> PartsOf(NodeId node) => ChildrenAt(node.Value + 1);

    /// <summary>The same as <see cref="Top"/>, in no order.</summary>
    public ReadOnlySpan<int> TopParts => ChildrenAt(0);

    /// <summary>Sorted when they are asked for: many a question needs none.</summary>
    private Span<int> SortedChildrenAt(int slot)
    {
        var children = ChildrenAt(slot);
        if (_isSorted.Length == 0)
            _isSorted = new bool[_dominators.Length + 1];
        if (!_isSorted[slot] && children.Length > 1)
            SortByRetained(children, _retained, ref _keys);
        _isSorted[slot] = true;
        return children;
    }

    private Span<int> ChildrenAt(int slot)
    {
        var (starts, nodes) = _children ??= ChildrenOf(_dominators);
        return nodes.AsSpan(starts[slot], starts[slot + 1] - starts[slot]);
    }

    /// <summary>Slot 0 is the roots', slot n + 1 that of node n. Counting sort by dominator.</summary>
    private static (int[] Starts, int[] Children) ChildrenOf(int[] dominators)
    {
        // First where each slot ends; filled from there on backwards, it becomes where it starts.
        var starts = new int[dominators.Length + 2];
        foreach (var dominator in dominators)
            if (dominator != Unreached)
                starts[dominator + 1]++;
        for (var slot = 1; slot < starts.Length; slot++)
            starts[slot] += starts[slot - 1];
        var children = GC.AllocateUninitializedArray<int>(starts[^1]);
        for (var node = dominators.Length - 1; node >= 0; node--)
            if (dominators[node] != Unreached)
                children[--starts[dominators[node] + 1]] = node;
        return (starts, children);
    }

    /// <summary>The most bytes first, of equal ones the lower node; they come by node. Numbers beside numbers are sorted without a call for each comparison.</summary>
    private static void SortByRetained(Span<int> nodes, NumberColumn retained, ref long[] room)
    {
        if (room.Length < nodes.Length)
            room = new long[Math.Max(nodes.Length, 64)];
        var keys = room.AsSpan(0, nodes.Length);
        var isSorted = true;
        for (var i = 0; i < nodes.Length; i++)
        {
            keys[i] = -retained[nodes[i]];
            isSorted &= i == 0 || keys[i - 1] <= keys[i];
        }
        if (isSorted)
            return;
        keys.Sort(nodes);
        for (var start = 0; start < nodes.Length;)
        {
            var end = start + 1;
            while (end < nodes.Length && keys[end] == keys[start])
                end++;
            nodes[start..end].Sort();
            start = end;
        }
    }
}
