using System.Numerics;
using Hognose.Columns;
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
        ReadAddresses(ref payload, heap.Addresses, count);
        payload.Indices(heap.TypeIds.AsSpan(first, count), heap.Types.Count);
        var sizes = heap.Sizes;
        for (var node = first; node < end; node++)
            sizes[node] = payload.Count();
        payload.Bytes(heap.Flags.AsSpan(first, count));
        if (heap.ReadsSurplus)
            ReadSurplus(ref payload, heap.Surplus, first, end);
        else
            payload.Skip(count);
        if (heap.ReadsLengths)
            ReadLengths(ref payload, heap.Lengths, first, end);
        else
            payload.Skip(count);
        ReadDegrees(ref payload, heap, first, end);
        heap.NodesRead = end;
    }

    private static void ReadAddresses(ref PayloadReader payload, AddressColumn addresses, int count)
    {
        var before = addresses.Length > 0 ? addresses[^1] : 0;
        var address = 0UL;
        for (var i = 0; i < count; i++)
        {
            var distance = BitOperations.RotateLeft(payload.Number(), AlignmentBits);
            if (distance == 0 || distance > ulong.MaxValue - address || address + distance <= before)
                throw new MalformedPayloadException("holds objects out of order");
            addresses.Add(before = address += distance);
        }
    }

    private static void ReadSurplus(ref PayloadReader payload, NumberColumn surplus, int first, int end)
    {
        for (var node = first; node < end; node++)
            surplus[node] = SurplusOf(payload.Number());
    }

    private static void ReadLengths(ref PayloadReader payload, NumberColumn lengths, int first, int end)
    {
        for (var node = first; node < end; node++)
            lengths[node] = payload.Count() - 1;
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
            starts[node + 1] = edges += (int)degree;
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
    private static ulong NumberOf(long surplus) => surplus == HeapFile.NotCounted ? 0 : 1 + ZigZag.Encode(surplus);

    private static long SurplusOf(ulong number)
    {
        if (number == 0)
            return HeapFile.NotCounted;
        var value = ZigZag.Decode(number - 1);
        return value is > int.MinValue and <= int.MaxValue ? Math.Max(value, HeapFile.NotCounted + 1) : throw new MalformedPayloadException("holds a reference count out of range");
    }
}
