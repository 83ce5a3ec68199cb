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
    /// <summary>Of one node: seven columns.</summary>
    public const int LeastBytes = 7;

    private const int AlignmentBits = 3;
    private const int NumbersAtOnce = 256;

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

    public static void Read(ReadOnlyMemory<byte> payload, HeapFileBuilder heap)
    {
        var reader = new PayloadReader(payload.Span);
        var first = reader.Index(heap.NodeCount);
        var count = reader.Index(HeapFormat.NodesPerBlock + 1);
        var end = first + count;
        if (end > heap.NodeCount || first < heap.NodesRead)
            throw new MalformedPayloadException("holds objects that have no place");
        heap.LoseNodes(first);
        heap.MakeRoomForNodes(end);
        var columns = payload[reader.Position..];
        TwoLanes.Run(count, () => ReadAddressesAndTypes(columns, heap, first, count), () => ReadOthers(columns, heap, first, end));
        heap.NodesRead = end;
    }

    private static void ReadAddressesAndTypes(ReadOnlyMemory<byte> columns, HeapFileBuilder heap, int first, int count)
    {
        var payload = new PayloadReader(columns.Span);
        ReadAddresses(ref payload, heap.Addresses, count);
        payload.Indices(heap.TypeIds.AsSpan(first, count), heap.Types.Count);
    }

    private static void ReadOthers(ReadOnlyMemory<byte> columns, HeapFileBuilder heap, int first, int end)
    {
        var payload = new PayloadReader(columns.Span);
        payload.Skip(2 * (end - first));
        ReadColumn<Sizes>(ref payload, heap.Sizes, first, end);
        payload.Bytes(heap.Flags.AsSpan(first, end - first));
        if (heap.ReadsSurplus)
            ReadColumn<Surpluses>(ref payload, heap.Surplus, first, end);
        else
            payload.Skip(end - first);
        if (heap.ReadsLengths)
            ReadColumn<Lengths>(ref payload, heap.Lengths, first, end);
        else
            payload.Skip(end - first);
        ReadDegrees(ref payload, heap, first, end);
    }

    private static void ReadAddresses(ref PayloadReader payload, AddressColumn addresses, int count)
    {
        var before = addresses.Length > 0 ? addresses[^1] : 0;
        var address = 0UL;
        Span<ulong> room = stackalloc ulong[NumbersAtOnce];
        for (var left = count; left > 0; left -= NumbersAtOnce)
        {
            var some = room[..Math.Min(left, NumbersAtOnce)];
            payload.Numbers(some);
            foreach (ref var each in some)
            {
                var distance = BitOperations.RotateLeft(each, AlignmentBits);
                if (distance == 0 || distance > ulong.MaxValue - address || address + distance <= before)
                    throw new MalformedPayloadException("holds objects out of order");
                each = before = address += distance;
            }
            addresses.AddAll(some);
        }
    }

    private static void ReadColumn<TColumn>(ref PayloadReader payload, NumberColumn column, int first, int end)
        where TColumn : INodeColumn
    {
        Span<ulong> room = stackalloc ulong[NumbersAtOnce];
        for (var node = first; node < end;)
        {
            var some = room[..Math.Min(end - node, NumbersAtOnce)];
            payload.Numbers(some);
            foreach (var number in some)
                column[node++] = TColumn.ValueOf(number);
        }
    }

    private static long CountOf(ulong number) => number <= long.MaxValue ? (long)number : throw new MalformedPayloadException("holds a number out of range");

    private static void ReadDegrees(ref PayloadReader payload, HeapFileBuilder heap, int first, int end)
    {
        var starts = heap.EdgeStarts;
        var edges = starts[first];
        Span<ulong> room = stackalloc ulong[NumbersAtOnce];
        for (var node = first; node < end;)
        {
            var some = room[..Math.Min(end - node, NumbersAtOnce)];
            payload.Numbers(some);
            foreach (var degree in some)
            {
                if (degree > (ulong)(Array.MaxLength - edges))
                    throw new MalformedPayloadException("holds more references than fit");
                starts[++node] = edges += (int)degree;
            }
        }
    }

    private static void WriteRun(PayloadWriter payload, HeapFile heap, int first, int end)
    {
        payload.Count(first);
        payload.Count(end - first);
        // The first of a run stands alone, so that it can be read when the run before it is lost.
        payload.Number(BitOperations.RotateRight(heap.Addresses[first], AlignmentBits));
        ColumnWriter.Write<Distances>(payload, heap, first + 1, end);
        ColumnWriter.Write<TypeIds>(payload, heap, first, end);
        ColumnWriter.Write<Sizes>(payload, heap, first, end);
        payload.Raw(heap.Flags.AsSpan(first, end - first));
        ColumnWriter.Write<Surpluses>(payload, heap, first, end);
        ColumnWriter.Write<Lengths>(payload, heap, first, end);
        ColumnWriter.Write<Degrees>(payload, heap, first, end);
    }

    private readonly struct Distances : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => BitOperations.RotateRight(heap.Addresses[index] - heap.Addresses[index - 1], AlignmentBits);
    }

    private readonly struct TypeIds : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => ColumnWriter.Count(heap.TypeIds[index]);
    }

    private interface INodeColumn : IFileColumn
    {
        /// <exception cref="MalformedPayloadException">No such number can stand there.</exception>
        static abstract long ValueOf(ulong number);
    }

    private readonly struct Sizes : INodeColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => ColumnWriter.Count(heap.Sizes[index]);

        public static long ValueOf(ulong number) => CountOf(number);
    }

    /// <summary>0: the count says nothing; else 1 + the number with its sign in the lowest bit.</summary>
    private readonly struct Surpluses : INodeColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => heap.Surplus[index] is var surplus && surplus == HeapFile.NotCounted ? 0 : 1 + ZigZag.Encode(surplus);

        public static long ValueOf(ulong number)
        {
            if (number == 0)
                return HeapFile.NotCounted;
            var value = ZigZag.Decode(number - 1);
            return value is > int.MinValue and <= int.MaxValue ? Math.Max(value, HeapFile.NotCounted + 1) : throw new MalformedPayloadException("holds a reference count out of range");
        }
    }

    private readonly struct Lengths : INodeColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => ColumnWriter.Count(heap.Lengths[index] + 1);

        public static long ValueOf(ulong number) => CountOf(number) - 1;
    }

    private readonly struct Degrees : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => ColumnWriter.Count(heap.EdgeStarts[index + 1] - heap.EdgeStarts[index]);
    }
}
