using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Contents that were asked for: object, the beginning of its value as Python writes it.</summary>
internal static class ValuesPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyDictionary<int, string> values)
    {
        blocks.Begin(BlockType.Values);
        foreach (var (node, value) in values.OrderBy(each => each.Key))
        {
            blocks.Payload.Count(node);
            blocks.Payload.Text(value);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, OptionalBlocks heap, int nodes)
    {
        while (!payload.IsAtEnd)
            heap.Values[payload.Index(nodes)] = payload.Text();
    }
}
