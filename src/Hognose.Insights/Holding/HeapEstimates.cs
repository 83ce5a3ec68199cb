using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>How much of a heap is known by an estimate only?</summary>
/// <param name="Types">C types that Hognose does not know and that have instances.</param>
/// <param name="Objects">Their instances.</param>
/// <param name="Bytes">Of these, at least: what the type declares (tp_basicsize, tp_itemsize), without what it allocates besides.</param>
/// <param name="References">Found by a scan of words for addresses of objects: likely owned, not proven.</param>
public sealed record HeapEstimates(long Types, long Objects, long Bytes, long References)
{
    public static HeapEstimates Of(HeapGraph graph)
    {
        var isEstimate = Array.ConvertAll([.. graph.Types.All], type => type.Size == SizeCertainty.Estimate);
        var isMet = new bool[isEstimate.Length];
        var (objects, bytes) = (0L, 0L);
        var types = graph.TypeIds;
        for (var node = 0; node < types.Length; node++)
        {
            if (!isEstimate[types[node]])
                continue;
            isMet[types[node]] = true;
            objects++;
            bytes += graph.Sizes[node];
        }
        return new HeapEstimates(isMet.Count(met => met), objects, bytes, graph.CountEdges(EdgeKind.Cons));
    }

    public static bool IsOfSize(HeapGraph graph, NodeId node) => graph.TypeOf(node).Size == SizeCertainty.Estimate;

    /// <summary>Every reference from one object to the other was found by a scan.</summary>
    public static bool IsOfReference(HeapGraph graph, NodeId from, NodeId to)
    {
        var isFound = false;
        foreach (var edge in graph.EdgesOf(from))
        {
            if (HeapGraph.TargetOf(edge) != to)
                continue;
            if (HeapGraph.KindOf(edge) != EdgeKind.Cons)
                return false;
            isFound = true;
        }
        return isFound;
    }

    /// <summary>One of the references of a way was found by a scan.</summary>
    public static bool IsOfWay(HeapGraph graph, ReadOnlySpan<NodeId> way)
    {
        for (var i = 1; i < way.Length; i++)
            if (IsOfReference(graph, way[i - 1], way[i]))
                return true;
        return false;
    }
}
