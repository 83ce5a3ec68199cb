using System.Numerics;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// A run of nodes: the first one's number, how many, then column after column, since like stands well beside like when it is compressed.
/// Addresses are distances from the one before, turned right by the three bits that are mostly zero.
/// </summary>
internal static class NodesPayload
{
    private const int AlignmentBits = 3;

    public static void Write(BlockBuilder blocks, HeapFile heap, Action<long> progress)
    {
        for (var first = 0; first < heap.Addresses.Length; first += HeapFormat.NodesPerBlock)
        {
            blocks.Begin(BlockType.Nodes);
            var end = Math.Min(first + HeapFormat.NodesPerBlock, heap.Addresses.Length);
            WriteRun(blocks.Payload, heap, first, end);
            blocks.Finish();
            progress(end);
        }
    }

    public static void Read(ref PayloadReader payload, HeapFileBuilder heap)
    {
        var first = payload.Index(heap.NodeCount);
        var count = payload.Index(HeapFormat.NodesPerBlock + 1);
        var end = first + count;
        if (end > heap.NodeCount || first < heap.NodesRead)
            throw new MalformedPayloadException("holds objects that have no place");
        heap.LoseNodes(first);
        heap.MakeRoomForNodes(end);
        var before = first > 0 ? heap.Addresses[first - 1] : 0;
        var address = 0UL;
        foreach (ref var each in heap.Addresses.AsSpan(first, count))
        {
            var distance = BitOperations.RotateLeft(payload.Number(), AlignmentBits);
            if (distance == 0 || distance > ulong.MaxValue - address || address + distance <= before)
                throw new MalformedPayloadException("holds objects out of order");
            each = before = address += distance;
        }
        payload.Indices(heap.TypeIds.AsSpan(first, count), heap.Types.Count);
        foreach (ref var each in heap.Sizes.AsSpan(first, count))
            each = payload.Count();
        payload.Bytes(heap.Flags.AsSpan(first, count));
        if (heap.ReadsSurplus)
            foreach (ref var each in heap.Surplus.AsSpan(first, count))
                each = SurplusOf(payload.Number());
        else
            payload.Skip(count);
        if (heap.ReadsLengths)
            foreach (ref var each in heap.Lengths.AsSpan(first, count))
                each = payload.Count() - 1;
        else
            payload.Skip(count);
        ReadDegrees(ref payload, heap, first, end);
        heap.NodesRead = end;
    }

    private static void ReadDegrees(ref PayloadReader payload, HeapFileBuilder heap, int first, int end)
    {
        var starts = heap.EdgeStarts;
        var edges = starts[first];
        for (var node = first; node < end; node++)
        {
            var degree = payload.Count();
            if (degree > Array.MaxLength - edges)
                throw new MalformedPayloadException("holds more references than fit");
            starts[node + 1] = edges += degree;
        }
    }

    private static void WriteRun(PayloadWriter payload, HeapFile heap, int first, int end)
    {
        payload.Count(first);
        payload.Count(end - first);
        var address = 0UL;
        for (var i = first; i < end; i++)
        {
            payload.Number(BitOperations.RotateRight(heap.Addresses[i] - address, AlignmentBits));
            address = heap.Addresses[i];
        }
        for (var i = first; i < end; i++)
            payload.Count(heap.TypeIds[i]);
        for (var i = first; i < end; i++)
            payload.Count(heap.Sizes[i]);
        for (var i = first; i < end; i++)
            payload.Byte(heap.Flags[i]);
        for (var i = first; i < end; i++)
            payload.Number(NumberOf(heap.Surplus[i]));
        for (var i = first; i < end; i++)
            payload.Count(heap.Lengths[i] + 1);
        for (var i = first; i < end; i++)
            payload.Count(heap.EdgeStarts[i + 1] - heap.EdgeStarts[i]);
    }

    /// <summary>0: the count says nothing; else 1 + the number with its sign in the lowest bit.</summary>
    private static ulong NumberOf(int surplus) => surplus == int.MinValue ? 0 : 1 + ZigZag.Encode(surplus);

    private static int SurplusOf(ulong number)
    {
        if (number == 0)
            return int.MinValue;
        var value = ZigZag.Decode(number - 1);
        return value is > int.MinValue and <= int.MaxValue ? (int)value : throw new MalformedPayloadException("holds a reference count out of range");
    }
}
