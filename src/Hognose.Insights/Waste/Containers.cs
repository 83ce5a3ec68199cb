using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Containers without items, and such whose storage is mostly spare.</summary>
internal static class Containers
{
    private static readonly string[] Builtin = ["list", "dict", "set", "frozenset", "bytearray", "collections.OrderedDict", "collections.defaultdict"];

    /// <summary>Growing ahead of need is how containers are fast: only what is more than half of the object counts.</summary>
    private const int SparePart = 2;

    /// <param name="isEmpty">By node: set for what is found.</param>
    public static Finds Empty(HeldHeap heap, bool[] isEmpty)
    {
        var graph = heap.Graph;
        var isContainer = graph.Types.All.Select(type => Builtin.Contains(type.QualifiedName)).ToArray();
        var finds = new Finds(WasteKind.EmptyContainers, isEstimate: false);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (!isContainer[graph.TypeIds[node]] || (graph.Flags[node] & NodeFlags.Static) != 0 || graph.EdgesOf(new NodeId(node)).Length > 1
                || !heap.Dominators.IsReached(new NodeId(node)) || heap.Names.LengthOf(new NodeId(node)) != 0)
                continue;
            isEmpty[node] = true;
            finds.Add(graph.TypeOf(new NodeId(node)).QualifiedName, node, 1, graph.Sizes[node]);
        }
        return finds;
    }

    /// <param name="isEmpty">Those are left out.</param>
    public static Finds Spare(HeldHeap heap, bool[] isEmpty)
    {
        var graph = heap.Graph;
        var finds = new Finds(WasteKind.SpareStorage, isEstimate: true);
        for (var node = 0; node < graph.NodeCount; node++)
            if (graph.UnusedBytes[node] > graph.Sizes[node] / SparePart && !isEmpty[node] && heap.Dominators.IsReached(new NodeId(node)))
                finds.Add(graph.TypeOf(new NodeId(node)).QualifiedName, node, 1, graph.UnusedBytes[node]);
        return finds;
    }
}
