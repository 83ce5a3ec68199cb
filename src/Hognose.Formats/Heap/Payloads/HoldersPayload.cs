using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Holders in their order of preference: node, kind, name, thread, function, file.</summary>
internal static class HoldersPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileHolder> holders)
    {
        blocks.Begin(BlockType.Holders);
        foreach (var holder in holders)
        {
            blocks.Payload.Count(holder.Node);
            blocks.Payload.Byte(holder.Kind);
            blocks.Payload.Text(holder.Name);
            blocks.Payload.Count(holder.Thread);
            blocks.Payload.Text(holder.Function);
            blocks.Payload.Text(holder.File);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileHolder> holders, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            if (holders.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many holders");
            holders.Add(new HeapFileHolder(payload.Index(nodes), payload.Byte(), payload.Text(), payload.Int32(), payload.Text(), payload.Text()));
        }
    }
}
