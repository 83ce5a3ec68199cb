using Hognose.Heap;
using Hognose.Heap.Matching;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Strings and bytes of equal contents: all but one of each could go. What stands in a binary stays, and interpreters of one process share nothing.</summary>
internal static class EqualContents
{
    /// <param name="isTold">By node: those are left out.</param>
    public static Finds In(HeldHeap heap, bool[] isTold)
    {
        var graph = heap.Graph;
        var first = EqualNodes.First(graph.EqualBefore);
        var hasEqual = new bool[first.Length];
        foreach (var before in graph.EqualBefore)
            if (before != EqualNodes.None)
                hasEqual[first[before]] = true;
        var nodes = Enumerable.Range(0, graph.NodeCount)
            .Where(node => hasEqual[first[node]] && !isTold[node] && (graph.Flags[node] & NodeFlags.Static) == 0 && heap.Dominators.IsReached(new NodeId(node)))
            .ToArray();
        TellInterpretersApart(first, nodes, InterpreterOwners.Of(heap));
        // By the first of each, then as they stand: the same order whatever the heap was read from.
        Array.Sort(Array.ConvertAll(nodes, node => ((ulong)first[node] << 32) | (uint)node), nodes);
        var finds = new Finds(WasteKind.EqualContents, isEstimate: false);
        for (int from = 0, to; from < nodes.Length; from = to)
        {
            for (to = from + 1; to < nodes.Length && first[nodes[to]] == first[nodes[from]];)
                to++;
            if (to - from > 1)
                AddCopies(graph, nodes.AsSpan(from, to - from), finds);
        }
        return finds;
    }

    /// <summary>Of equal objects of different interpreters each interpreter's have a first of their own.</summary>
    private static void TellInterpretersApart(int[] first, int[] nodes, ulong[] owners)
    {
        if (owners.Length == 0)
            return;
        var firstOf = new Dictionary<(int First, ulong Owners), int>();
        foreach (var node in nodes)
        {
            var key = (first[node], owners[node]);
            firstOf.TryAdd(key, node);
            first[node] = firstOf[key];
        }
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
