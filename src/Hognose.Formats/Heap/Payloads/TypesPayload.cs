using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Types in the order of their ids: module, name, address, certainty of sizes, node + 1.</summary>
internal static class TypesPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileType> types)
    {
        blocks.Begin(BlockType.Types);
        foreach (var type in types)
        {
            blocks.Payload.Text(type.Module);
            blocks.Payload.Text(type.Name);
            blocks.Payload.Number(type.Address);
            blocks.Payload.Byte(type.Certainty);
            blocks.Payload.Count(type.Node + 1);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileType> types, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            if (types.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many types");
            types.Add(new HeapFileType(payload.Text(), payload.Text(), payload.Number(), payload.Byte(), payload.Index(nodes + 1) - 1));
        }
    }
}
