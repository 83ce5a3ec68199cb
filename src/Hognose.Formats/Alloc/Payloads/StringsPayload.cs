using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>Each distinct name once: text behind its length, in the order of the ids.</summary>
internal static class StringsPayload
{
    /// <summary>Returns the id of each name.</summary>
    public static Dictionary<string, int> Write(BlockWriter blocks, IReadOnlyList<SourceFrame> frames)
    {
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        blocks.Begin(BlockType.Strings);
        foreach (var frame in frames)
        {
            Add(blocks, ids, frame.Function);
            Add(blocks, ids, frame.File);
        }
        blocks.Finish();
        return ids;
    }

    public static void Read(ref PayloadReader payload, List<string> strings)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(strings.Count);
            strings.Add(payload.Text());
        }
    }

    private static void Add(BlockWriter blocks, Dictionary<string, int> ids, string name)
    {
        if (!ids.TryAdd(name, ids.Count))
            return;
        blocks.Payload.Text(name);
        blocks.EntryDone();
    }
}
