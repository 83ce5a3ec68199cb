namespace Hognose.Heap.Retention;

/// <summary>
/// Numbers the reachable nodes in preorder of a depth-first walk, from 1; number 0 is a made-up node that holds all roots. With each number goes
/// that of the node it was reached from.
/// </summary>
internal sealed class DepthFirstOrder
{
    private readonly int[] _nodes;

    private DepthFirstOrder(int[] numbers, int[] nodes, int[] parents, int count)
    {
        Numbers = numbers;
        _nodes = nodes;
        Parents = parents;
        Count = count;
    }

    /// <summary>By node; 0: not reached.</summary>
    public int[] Numbers { get; }

    /// <summary>By number.</summary>
    public int[] Parents { get; }

    /// <summary>The highest number.</summary>
    public int Count { get; }

    public int NodeOf(int number) => _nodes[number];

    /// <summary>All of them, by number.</summary>
    public ReadOnlyMemory<int> Nodes => _nodes.AsMemory(1, Count);

    public static DepthFirstOrder Of(HeapGraph graph, ReadOnlySpan<int> roots, CancellationToken cancellation)
    {
        var numbers = new int[graph.NodeCount];
        var nodes = new int[graph.NodeCount + 1];
        var parents = new int[graph.NodeCount + 1];
        var count = 0;
        var path = new Stack<(int Node, long Next)>();
        foreach (var root in roots)
        {
            if (numbers[root] != 0)
                continue;
            Enter(root, 0);
            while (path.TryPop(out var top))
            {
                if ((count & 0xfffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                var end = graph.EdgeStarts[top.Node + 1];
                var edge = top.Next;
                while (edge < end && !IsNew(graph.Edges[edge]))
                    edge++;
                if (edge == end)
                    continue;
                path.Push((top.Node, edge + 1));
                Enter(HeapGraph.TargetOf(graph.Edges[edge]).Value, numbers[top.Node]);
            }
        }
        return new DepthFirstOrder(numbers, nodes, parents, count);

        bool IsNew(uint edge) => HeapGraph.KindOf(edge) != EdgeKind.GcOnly && numbers[HeapGraph.TargetOf(edge).Value] == 0;

        void Enter(int node, int parent)
        {
            numbers[node] = ++count;
            nodes[count] = node;
            parents[count] = parent;
            path.Push((node, graph.EdgeStarts[node]));
        }
    }
}
