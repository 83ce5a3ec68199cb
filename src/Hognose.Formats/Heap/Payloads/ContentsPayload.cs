using System.Numerics;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// A run of nodes as in <see cref="NodesPayload"/>: the first one's number, how many, then two columns: how many nodes back the nearest of equal
/// contents stands (0: there is none before it), and bytes of unused storage, turned right by the three bits that are mostly zero.
/// </summary>
internal static class ContentsPayload
{
    private const int AlignmentBits = 3;

    public static void Write(BlockBuilder blocks, HeapFile heap)
    {
        for (var first = 0; first < heap.EqualBefore.Length; first += HeapFormat.NodesPerBlock)
        {
            var end = Math.Min(first + HeapFormat.NodesPerBlock, heap.EqualBefore.Length);
            blocks.Begin(BlockType.Contents);
            blocks.Payload.Count(first);
            blocks.Payload.Count(end - first);
            ColumnWriter.Write<Distances>(blocks.Payload, heap, first, end);
            ColumnWriter.Write<Unused>(blocks.Payload, heap, first, end);
            blocks.Finish();
        }
    }

    public static void Read(ref PayloadReader payload, HeapFileBuilder heap)
    {
        heap.EndNodes();
        var first = payload.Index(heap.NodeCount);
        var count = payload.Index(HeapFormat.NodesPerBlock + 1);
        if (first != heap.Optional.ContentsRead || first + count > heap.NodeCount)
            throw new MalformedPayloadException("holds contents of objects that have no place");
        heap.Optional.MakeRoomForContents(heap.NodeCount);
        var equal = heap.Optional.EqualBefore;
        for (var node = first; node < first + count; node++)
            equal[node] = payload.Count() is var back and > 0 ? PlaceOf(node, back) : -1;
        var unused = heap.Optional.Unused;
        for (var node = first; node < first + count; node++)
            unused[node] = BitOperations.RotateLeft(payload.Number(), AlignmentBits) is var bytes and <= long.MaxValue
                ? (long)bytes
                : throw new MalformedPayloadException("holds a size out of range");
        heap.Optional.ContentsRead = first + count;
    }

    private readonly struct Distances : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => heap.EqualBefore[index] < 0 ? 0 : ColumnWriter.Count(index - heap.EqualBefore[index]);
    }

    private readonly struct Unused : IFileColumn
    {
        public static ulong NumberAt(HeapFile heap, int index) => BitOperations.RotateRight((ulong)heap.Unused[index], AlignmentBits);
    }

    private static int PlaceOf(int node, long back) =>
        back <= node ? node - (int)back : throw new MalformedPayloadException("names an object that is not there");
}
