using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Strings and bytes of equal contents: all but one of each could go. What stands in a binary stays.</summary>
internal static class EqualContents
{
    private const ulong Spread = 0x9E3779B97F4A7C15;

    public static Finds In(HeldHeap heap)
    {
        var graph = heap.Graph;
        var nodes = Enumerable.Range(0, graph.NodeCount)
            .Where(node => graph.ContentHashes[node] != 0 && (graph.Flags[node] & NodeFlags.Static) == 0 && heap.Dominators.IsReached(new NodeId(node)))
            .ToArray();
        // One word sorts several times as fast as a pair.
        var keys = Array.ConvertAll(nodes, node => graph.ContentHashes[node] ^ ((ulong)graph.TypeIds[node] * Spread));
        Array.Sort(keys, nodes);
        var finds = new Finds(WasteKind.EqualContents, isEstimate: false);
        for (int from = 0, to; from < nodes.Length; from = to)
        {
            for (to = from + 1; to < nodes.Length && keys[to] == keys[from];)
                to++;
            if (to - from > 1)
                AddCopies(graph, nodes.AsSpan(from, to - from), finds);
        }
        return finds;
    }

    /// <summary>The largest stays: equal strings differ in size by what CPython keeps beside the characters.</summary>
    private static void AddCopies(HeapGraph graph, ReadOnlySpan<int> copies, Finds finds)
    {
        long all = 0, largest = 0;
        foreach (var node in copies)
        {
            all += graph.Sizes[node];
            largest = Math.Max(largest, graph.Sizes[node]);
        }
        finds.Add(graph.TypeOf(new NodeId(copies[0])).QualifiedName, copies[0], copies.Length, all - largest);
    }
}
