namespace Hognose.Heap;

/// <summary>Some of the nodes of a graph, and the edges between them, as a graph of its own.</summary>
public sealed class GraphPart
{
    private const int None = -1;

    private readonly int[] _numbers;

    private GraphPart(HeapGraph graph, int[] numbers) => (Graph, _numbers) = (graph, numbers);

    public HeapGraph Graph { get; }

    /// <summary>The node of the part that a node of the whole is; -1 where it is none.</summary>
    public int Of(int node) => _numbers[node];

    public static GraphPart Of(HeapGraph whole, Func<int, bool> takesPart)
    {
        var numbers = new int[whole.NodeCount];
        var nodes = new List<int>();
        for (var node = 0; node < numbers.Length; node++)
        {
            numbers[node] = takesPart(node) ? nodes.Count : None;
            if (numbers[node] != None)
                nodes.Add(node);
        }
        var starts = new int[nodes.Count + 1];
        var edges = new List<uint>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var edge in whole.EdgesOf(new NodeId(nodes[i])))
                if (numbers[HeapGraph.TargetOf(edge).Value] is var target and not None)
                    edges.Add(HeapGraph.Pack(target, HeapGraph.KindOf(edge)));
            starts[i + 1] = edges.Count;
        }
        var part = new HeapGraph
        {
            Addresses = [.. nodes.Select(node => whole.Addresses[node])],
            TypeIds = [.. nodes.Select(node => whole.TypeIds[node])],
            Sizes = [.. nodes.Select(node => whole.Sizes[node])],
            Flags = [.. nodes.Select(node => whole.Flags[node])],
            EdgeStarts = starts,
            Edges = [.. edges],
            Types = whole.Types,
            Roots = [],
        };
        return new GraphPart(part, numbers);
    }
}
