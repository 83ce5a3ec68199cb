namespace Hognose.Heap.Retention;

/// <summary>
/// Who keeps what alive. Object <c>d</c> dominates object <c>x</c> when every way from a root to <c>x</c> leads through <c>d</c>: were <c>d</c> gone,
/// <c>x</c> would be freed. The retained size of an object is the shallow size of all that it dominates, itself included.
/// Semi-NCA (L. Georgiadis, Linear-Time Algorithms for Dominators and Related Problems, 2005, ch. 2.2), on arrays, without recursion:
/// about 50 bytes an object while it is built and 24 after.
/// </summary>
public sealed class DominatorTree
{
    /// <summary>The dominator of a node that a root holds directly, or that several roots hold in different ways.</summary>
    public const int Root = -1;

    /// <summary>No root leads to the node: it is garbage that a collection would free.</summary>
    public const int Unreached = -2;

    private readonly int[] _dominators;
    private readonly long[] _retained;
    private readonly int[] _topDown;
    private readonly int[] _childStarts;
    private readonly int[] _children;

    private DominatorTree(int[] dominators, long[] retained, long retainedByRoots, int[] topDown)
    {
        _dominators = dominators;
        _retained = retained;
        RetainedByRoots = retainedByRoots;
        _topDown = topDown;
        (_childStarts, _children) = ChildrenOf(dominators, retained);
    }

    /// <summary>Shallow bytes of all that a root leads to.</summary>
    public long RetainedByRoots { get; }

    /// <summary>How many objects those are.</summary>
    public int Reached => _topDown.Length;

    /// <summary>Them, each behind its dominator.</summary>
    public ReadOnlySpan<int> TopDown => _topDown;

    /// <param name="graph">Edges that only the collector sees are no ownership and are left out.</param>
    /// <param name="roots">Nodes that are held from outside the graph; any order, each as often as it likes.</param>
    /// <param name="cancellation">Ends it.</param>
    public static DominatorTree Of(HeapGraph graph, ReadOnlySpan<int> roots, CancellationToken cancellation)
    {
        var order = DepthFirstOrder.Of(graph, roots, cancellation);
        var predecessors = Predecessors.Of(graph, order, roots);
        var dominators = new SemiNca(order, predecessors).Run(cancellation);

        var byNode = new int[graph.NodeCount];
        Array.Fill(byNode, Unreached);
        var retained = new long[graph.NodeCount];
        for (var number = order.Count; number >= 1; number--)
        {
            var node = order.NodeOf(number);
            retained[node] += graph.Sizes[node];
            byNode[node] = dominators[number] == 0 ? Root : order.NodeOf(dominators[number]);
            if (dominators[number] != 0)
                retained[byNode[node]] += retained[node];
        }
        var topDown = new int[order.Count];
        long all = 0;
        for (var number = 1; number <= order.Count; number++)
        {
            topDown[number - 1] = order.NodeOf(number);
            all += graph.Sizes[order.NodeOf(number)];
        }
        return new DominatorTree(byNode, retained, all, topDown);
    }

    /// <summary>The immediate dominator; <see cref="Root"/> or <see cref="Unreached"/> where there is none.</summary>
    public int DominatorOf(NodeId node) => _dominators[node.Value];

    public bool IsReached(NodeId node) => _dominators[node.Value] != Unreached;

    /// <summary>Bytes; 0 for what no root leads to.</summary>
    public long RetainedBy(NodeId node) => _retained[node.Value];

    /// <summary>What the node dominates immediately, the most retained bytes first.</summary>
    public ReadOnlySpan<int> DominatedBy(NodeId node) => ChildrenAt(node.Value + 1);

    /// <summary>What no single object dominates, the most retained bytes first.</summary>
    public ReadOnlySpan<int> Top => ChildrenAt(0);

    private ReadOnlySpan<int> ChildrenAt(int slot) => _children.AsSpan(_childStarts[slot], _childStarts[slot + 1] - _childStarts[slot]);

    /// <summary>Slot 0 is the roots', slot n + 1 that of node n. Counting sort by dominator over nodes in the order of retained bytes.</summary>
    private static (int[] Starts, int[] Children) ChildrenOf(int[] dominators, long[] retained)
    {
        var starts = new int[dominators.Length + 2];
        foreach (var dominator in dominators)
            if (dominator != Unreached)
                starts[dominator + 2]++;
        for (var slot = 1; slot < starts.Length; slot++)
            starts[slot] += starts[slot - 1];
        var next = starts.AsSpan(0, starts.Length - 1).ToArray();
        var children = new int[starts[^1]];
        for (var node = 0; node < dominators.Length; node++)
            if (dominators[node] != Unreached)
                children[next[dominators[node] + 1]++] = node;
        for (var slot = 0; slot + 1 < starts.Length; slot++)
            if (starts[slot + 1] - starts[slot] > 1)
                children.AsSpan(starts[slot], starts[slot + 1] - starts[slot]).Sort((a, b) =>
                    retained[a] != retained[b] ? retained[b].CompareTo(retained[a]) : a.CompareTo(b));
        return (starts, children);
    }
}
