using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Nodes that running frames own references to, ascending: each the distance from the one before it, 0 for another reference to the same.</summary>
internal static class HeldByFramesPayload
{
    public static void Write(BlockBuilder blocks, int[] nodes)
    {
        blocks.Begin(BlockType.HeldByFrames);
        var last = 0;
        foreach (var node in nodes.Order())
        {
            blocks.Payload.Count(node - last);
            last = node;
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<int> held, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            if (held.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many references of frames");
            var last = held.Count > 0 ? held[^1] : 0;
            var distance = payload.Count();
            if (distance >= nodes - last)
                throw new MalformedPayloadException("names an object that is not there");
            held.Add(last + (int)distance);
        }
    }
}
