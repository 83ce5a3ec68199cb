using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// A run of edges: the first one's number, how many, then the targets, each as the distance from the edge before it of the same node (the first from
/// the node itself) with the kind in the two lowest bits, then the names.
/// </summary>
internal static class EdgesPayload
{
    public const int EdgesPerBlock = 1 << 17;

    /// <summary>Of one edge: target and name.</summary>
    public const int LeastBytes = 2;

    private const int KindBits = 2;
    private const int KindShift = 30;
    private const uint TargetMask = (1u << KindShift) - 1;
    private const int NumbersAtOnce = 256;

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
            ColumnWriter.Write<Names>(blocks.Payload, heap, (int)first, (int)end);
            blocks.Finish();
            progress(end);
        }
    }

    /// <summary>All nodes have been read: their degrees say whose an edge is.</summary>
    public static void Read(ReadOnlyMemory<byte> payload, HeapFileBuilder heap)
    {
        heap.EndNodes();
        var reader = new PayloadReader(payload.Span);
        var first = reader.Count();
        var count = reader.Count();
        if (first < heap.EdgesRead || count > EdgesPerBlock || first > heap.EdgeCount - count)
            throw new MalformedPayloadException("holds references that have no place");
        heap.LoseEdges(first);
        heap.MakeRoomForEdges(first + count);
        var columns = payload[reader.Position..];
        TwoLanes.Run((int)count, () => ReadTargets(columns, heap, first, (int)count), () => ReadNames(columns, heap, (int)first, (int)count));
        heap.EdgesRead = first + count;
    }

    private static void ReadNames(ReadOnlyMemory<byte> columns, HeapFileBuilder heap, int first, int count)
    {
        var payload = new PayloadReader(columns.Span);
        payload.Skip(count);
        payload.Indices(heap.EdgeNames.AsSpan(first, count), heap.Names.Count);
    }

    private static void ReadTargets(ReadOnlyMemory<byte> columns, HeapFileBuilder heap, long first, int count)
    {
        var payload = new PayloadReader(columns.Span);
        var into = heap.Edges.AsSpan((int)first, count);
        var source = heap.SourceOf(first);
        // A run may begin within a node, after a run that is lost: distances begin anew.
        long near = source;
        var (starts, nodes, at) = (heap.EdgeStarts, heap.NodeCount, first);
        Span<ulong> room = stackalloc ulong[NumbersAtOnce];
        while (into.Length > 0)
        {
            var some = room[..Math.Min(into.Length, NumbersAtOnce)];
            payload.Numbers(some);
            for (var i = 0; i < some.Length; i++, at++)
            {
                while (at >= starts[source + 1])
                    near = ++source;
                near += ZigZag.Decode(some[i] >> KindBits);
                if ((ulong)near >= (ulong)nodes)
                    throw new MalformedPayloadException("names an object that is not there");
                into[i] = (uint)near | ((uint)(some[i] & 3) << KindShift);
            }
            into = into[some.Length..];
        }
    }

    private static void WriteTargets(PayloadWriter payload, HeapFile heap, long first, long end, ref int source)
    {
        while (heap.EdgeStarts[source + 1] <= first)
            source++;
        long near = source;
        Span<ulong> room = stackalloc ulong[NumbersAtOnce];
        for (var at = first; at < end;)
        {
            var some = room[..(int)Math.Min(end - at, NumbersAtOnce)];
            foreach (ref var number in some)
            {
                while (at >= heap.EdgeStarts[source + 1])
                    near = ++source;
                var edge = heap.Edges[at++];
                var target = (long)(edge & TargetMask);
                number = (ZigZag.Encode(target - near) << KindBits) | (edge >> KindShift);
                near = target;
            }
            payload.Numbers(some);
        }
    }

    private readonly struct Names : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => ColumnWriter.Count(heap.EdgeNames[index]);
    }
}
