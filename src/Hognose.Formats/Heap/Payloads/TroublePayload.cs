using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>What could not be read: id of the diagnostic, how often. Addresses and messages stay with whoever took the snapshot.</summary>
internal static class TroublePayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyDictionary<string, long> trouble)
    {
        blocks.Begin(BlockType.Trouble);
        foreach (var (id, count) in trouble.OrderBy(each => each.Key, StringComparer.Ordinal))
        {
            blocks.Payload.Text(id);
            blocks.Payload.Count(count);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, Dictionary<string, long> trouble)
    {
        while (!payload.IsAtEnd)
        {
            if (trouble.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many diagnostics");
            trouble[payload.Text()] = payload.Count();
        }
    }
}
