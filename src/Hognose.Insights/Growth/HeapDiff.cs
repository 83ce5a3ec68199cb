using Hognose.Heap;
using Hognose.Heap.Matching;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Growth;

/// <summary>One type in two heaps. Bytes are shallow.</summary>
/// <param name="New">Objects of the later heap that the earlier one lacks; 0 when objects can't be matched.</param>
/// <param name="Dead">Objects of the earlier heap that the later one lacks.</param>
public sealed record TypeGrowth(string Name, long ObjectsBefore, long ObjectsAfter, long BytesBefore, long BytesAfter, long New, long Dead)
{
    public long Bytes => BytesAfter - BytesBefore;

    public long Objects => ObjectsAfter - ObjectsBefore;
}

/// <summary>What grew from one heap to another.</summary>
/// <param name="AreMatched">Both heaps are of one process, so objects could be matched by address and type.</param>
/// <param name="Holders">The most bytes first.</param>
public sealed record HeapDiff(
    IReadOnlyList<TypeGrowth> Types, bool AreMatched, long NewObjects, long NewBytes, long DeadObjects, long DeadBytes, IReadOnlyList<HolderGrowth> Holders)
{
    public static HeapDiff Of(HeldHeap earlier, HeldHeap later, bool areOneProcess, bool showsKeys)
    {
        if (!areOneProcess)
            return new HeapDiff(ByType(earlier.Graph, later.Graph, null, null), false, 0, 0, 0, 0, []);
        var same = SameObjects.Of(earlier.Graph, later.Graph);
        var isNew = Array.ConvertAll(same, node => node == SameObjects.None);
        return Of(earlier.Graph, later, isNew, IsDead(earlier.Graph, same), showsKeys);
    }

    /// <summary>
    /// What appeared between the first two heaps and is still there in the third: growth, not the coming and going of work. Counts before are 0.
    /// </summary>
    public static HeapDiff OfStayed(HeldHeap first, HeldHeap second, HeldHeap third, bool showsKeys)
    {
        var appeared = SameObjects.Of(first.Graph, second.Graph);
        var stayed = SameObjects.Of(second.Graph, third.Graph);
        var isNew = Array.ConvertAll(stayed, node => node != SameObjects.None && appeared[node] == SameObjects.None);
        return Of(null, third, isNew, null, showsKeys);
    }

    private static HeapDiff Of(HeapGraph? earlier, HeldHeap later, bool[] isNew, bool[]? isDead, bool showsKeys)
    {
        var newNodes = Nodes(isNew);
        var deadNodes = isDead is null ? [] : Nodes(isDead);
        return new HeapDiff(
            ByType(earlier, later.Graph, isNew, isDead), true,
            newNodes.Count, newNodes.Sum(node => later.Graph.Sizes[node]), deadNodes.Count, deadNodes.Sum(node => earlier!.Sizes[node]),
            HolderGrowth.In(later, isNew, showsKeys));
    }

    private static List<int> Nodes(bool[] marks) => [.. Enumerable.Range(0, marks.Length).Where(node => marks[node])];

    private static bool[] IsDead(HeapGraph earlier, int[] same)
    {
        var dead = new bool[earlier.NodeCount];
        Array.Fill(dead, true);
        foreach (var node in same)
            if (node != SameObjects.None)
                dead[node] = false;
        return dead;
    }

    private static List<TypeGrowth> ByType(HeapGraph? earlier, HeapGraph later, bool[]? isNew, bool[]? isDead)
    {
        var sums = new Dictionary<string, long[]>(StringComparer.Ordinal);
        if (earlier is not null)
            Add(earlier, isDead, 0);
        Add(later, isNew, 3);
        return [.. sums
            .Select(each => earlier is null
                ? new TypeGrowth(each.Key, 0, each.Value[5], 0, each.Value[6], each.Value[5], 0)
                : new TypeGrowth(each.Key, each.Value[0], each.Value[3], each.Value[1], each.Value[4], each.Value[5], each.Value[2]))
            .Where(growth => growth.Objects != 0 || growth.Bytes != 0 || growth.New != 0 || growth.Dead != 0)
            .OrderByDescending(growth => growth.Bytes).ThenByDescending(growth => growth.Objects).ThenBy(growth => growth.Name, StringComparer.Ordinal)];

        // Objects, bytes, and those that only this heap has: three numbers of the earlier heap, then four of the later, the last their bytes.
        void Add(HeapGraph graph, bool[]? only, int at)
        {
            for (var node = 0; node < graph.NodeCount; node++)
            {
                var name = graph.TypeOf(new NodeId(node)).QualifiedName;
                if (!sums.TryGetValue(name, out var sum))
                    sums[name] = sum = new long[7];
                sum[at]++;
                sum[at + 1] += graph.Sizes[node];
                if (only is null || !only[node])
                    continue;
                sum[at + 2]++;
                if (at > 0)
                    sum[6] += graph.Sizes[node];
            }
        }
    }
}
