using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>
/// Lists of nothing but floats, or of ints that fit 64 bits: <c>array.array</c> or numpy keeps the number in the eight bytes where the list keeps a
/// reference, so each number object that only the list holds would go.
/// </summary>
internal static class NumberObjects
{
    private const int FewestItems = 16;

    /// <summary>Two digits of 30 bits; a third may not fit.</summary>
    private const long LargestInt = 32;

    public static Finds In(HeldHeap heap)
    {
        var graph = heap.Graph;
        var finds = new Finds(WasteKind.NumberObjects, isEstimate: true);
        var isList = graph.Types.All.Select(type => type.QualifiedName == "list").ToArray();
        var isFloat = graph.Types.All.Select(type => type.QualifiedName == "float").ToArray();
        var isInt = graph.Types.All.Select(type => type.QualifiedName == "int").ToArray();
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (!isList[graph.TypeIds[node]])
                continue;
            var items = graph.EdgesOf(new NodeId(node));
            if (items.Length < FewestItems)
                continue;
            if (AreAll(graph, items, isFloat, long.MaxValue))
                finds.Add("list of float", node, 1, OwnItems(heap, node));
            else if (AreAll(graph, items, isInt, LargestInt))
                finds.Add("list of int", node, 1, OwnItems(heap, node));
        }
        return finds;
    }

    private static bool AreAll(HeapGraph graph, ReadOnlySpan<uint> items, bool[] isWanted, long largest)
    {
        foreach (var edge in items)
        {
            var item = HeapGraph.TargetOf(edge).Value;
            if (!isWanted[graph.TypeIds[item]] || graph.Sizes[item] > largest)
                return false;
        }
        return true;
    }

    /// <summary>Bytes of the numbers that only the list holds, each once.</summary>
    private static long OwnItems(HeldHeap heap, int list)
    {
        long bytes = 0;
        foreach (var item in heap.Dominators.DominatedBy(new NodeId(list)))
            bytes += heap.Graph.Sizes[item];
        return bytes;
    }
}
