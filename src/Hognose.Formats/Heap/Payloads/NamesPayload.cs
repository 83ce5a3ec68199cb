using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Names of references in the order of their numbers: kind, text. Entry 0, the reference without a name, is not written.</summary>
internal static class NamesPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileName> names)
    {
        blocks.Begin(BlockType.Names);
        foreach (var name in names.Skip(1))
        {
            blocks.Payload.Byte(name.Kind);
            blocks.Payload.Text(name.Text);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileName> names)
    {
        while (!payload.IsAtEnd)
        {
            if (names.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many names");
            names.Add(new HeapFileName(payload.Byte(), payload.Text()));
        }
    }
}
