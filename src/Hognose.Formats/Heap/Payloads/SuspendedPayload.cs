using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Generators and coroutines that wait: object, file, line.</summary>
internal static class SuspendedPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyDictionary<int, HeapFilePlace> places)
    {
        blocks.Begin(BlockType.Suspended);
        foreach (var (node, place) in places.OrderBy(each => each.Key))
        {
            blocks.Payload.Count(node);
            blocks.Payload.Text(place.File);
            blocks.Payload.Count(place.Line);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, OptionalBlocks heap, int nodes)
    {
        while (!payload.IsAtEnd)
            heap.Suspended[payload.Index(nodes)] = new HeapFilePlace(payload.Text(), payload.Int32());
    }
}
