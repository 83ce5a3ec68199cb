using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>memoryviews and arrays of numpy that show a small part of a buffer which lives for them alone: a copy of that part would let the rest go.</summary>
internal static class PinnedBuffers
{
    /// <summary>Of the buffer so much at most is shown, or the view is as good as a copy.</summary>
    private const int SmallPart = 4;

    private const long SmallestBuffer = 64 << 10;
    private const int LongestChain = 8;

    private static readonly string[] Views = ["memoryview", "numpy.ndarray"];

    private static readonly string[] Buffers = ["memoryview", "managedbuffer", "numpy.ndarray", "bytes", "bytearray", "array.array", "mmap.mmap"];

    /// <param name="isTold">By node: set for the buffers.</param>
    public static Finds In(HeldHeap heap, bool[] isTold)
    {
        var graph = heap.Graph;
        var isView = graph.Types.All.Select(type => Views.Contains(type.QualifiedName)).ToArray();
        var isBuffer = graph.Types.All.Select(type => Buffers.Contains(type.QualifiedName)).ToArray();
        var finds = new Finds(WasteKind.PinnedBuffers, isEstimate: true);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if (!isView[graph.TypeIds[node]] || !heap.Dominators.IsReached(new NodeId(node)))
                continue;
            var buffer = BaseOf(heap, new NodeId(node), isBuffer);
            var shown = heap.Names.LengthOf(new NodeId(node));
            // A view of a view is the outermost one's.
            if (buffer == node || shown < 0 || graph.Sizes[buffer] < SmallestBuffer || shown >= graph.Sizes[buffer] / SmallPart || IsWithinView(heap, new NodeId(node), isView))
                continue;
            isTold[buffer] = true;
            finds.Add(graph.TypeOf(new NodeId(node)).QualifiedName, node, 1, graph.Sizes[buffer] - shown);
        }
        return finds;
    }

    /// <summary>From owner to owner, as long as each lives only for the one before; the view itself when there is none.</summary>
    private static int BaseOf(HeldHeap heap, NodeId view, bool[] isBuffer)
    {
        var at = view;
        for (var i = 0; i < LongestChain; i++)
        {
            var next = -1;
            foreach (var edge in heap.Graph.EdgesOf(at))
                if (HeapGraph.TargetOf(edge).Value is var target && HeapGraph.KindOf(edge) != EdgeKind.GcOnly && isBuffer[heap.Graph.TypeIds[target]]
                    && heap.Dominators.DominatorOf(new NodeId(target)) == at.Value)
                    next = target;
            if (next < 0)
                break;
            at = new NodeId(next);
        }
        return at.Value;
    }

    private static bool IsWithinView(HeldHeap heap, NodeId view, bool[] isView) =>
        heap.Dominators.DominatorOf(view) is var above and >= 0 && isView[heap.Graph.TypeIds[above]];
}
