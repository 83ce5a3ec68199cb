using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// A run of edges: the first one's number, how many, then the targets, each as the distance from the edge before it of the same node (the first from
/// the node itself) with the kind in the two lowest bits, then the names.
/// </summary>
internal static class EdgesPayload
{
    public const int EdgesPerBlock = 1 << 17;
    private const int KindBits = 2;
    private const int KindShift = 30;
    private const uint TargetMask = (1u << KindShift) - 1;

    public static void Write(BlockBuilder blocks, HeapFile heap, Action<long> progress)
    {
        var source = 0;
        for (long first = 0; first < heap.Edges.Length; first += EdgesPerBlock)
        {
            var end = Math.Min(first + EdgesPerBlock, heap.Edges.Length);
            blocks.Begin(BlockType.Edges);
            blocks.Payload.Count(first);
            blocks.Payload.Count(end - first);
            WriteTargets(blocks.Payload, heap, first, end, ref source);
            for (var i = first; i < end; i++)
                blocks.Payload.Count(heap.EdgeNames[i]);
            blocks.Finish();
            progress(end);
        }
    }

    /// <summary>All nodes have been read: their degrees say whose an edge is.</summary>
    public static void Read(ref PayloadReader payload, HeapFileBuilder heap)
    {
        heap.EndNodes();
        var first = payload.Count();
        var count = payload.Count();
        if (first < heap.EdgesRead || count > EdgesPerBlock || first > heap.EdgeCount - count)
            throw new MalformedPayloadException("holds references that have no place");
        heap.LoseEdges(first);
        heap.MakeRoomForEdges(first + count);
        var source = heap.SourceOf(first);
        // A run may begin within a node, after a run that is lost: distances begin anew.
        long near = source;
        var (starts, nodes, at) = (heap.EdgeStarts, heap.NodeCount, first);
        foreach (ref var each in heap.Edges.AsSpan((int)first, (int)count))
        {
            while (at >= starts[source + 1])
                near = ++source;
            var number = payload.Number();
            near += ZigZag.Decode(number >> KindBits);
            if ((ulong)near >= (ulong)nodes)
                throw new MalformedPayloadException("names an object that is not there");
            each = (uint)near | ((uint)(number & 3) << KindShift);
            at++;
        }
        payload.Indices(heap.EdgeNames.AsSpan((int)first, (int)count), heap.Names.Count);
        heap.EdgesRead = first + count;
    }

    private static void WriteTargets(PayloadWriter payload, HeapFile heap, long first, long end, ref int source)
    {
        while (heap.EdgeStarts[source + 1] <= first)
            source++;
        long near = source;
        for (var i = first; i < end; i++)
        {
            while (i >= heap.EdgeStarts[source + 1])
                near = ++source;
            var target = (long)(heap.Edges[i] & TargetMask);
            payload.Number((ZigZag.Encode(target - near) << KindBits) | (heap.Edges[i] >> KindShift));
            near = target;
        }
    }
}
