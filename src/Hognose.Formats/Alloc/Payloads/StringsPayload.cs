using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>Each distinct name once: text behind its length, in the order of the ids.</summary>
internal static class StringsPayload
{
    /// <param name="blocks">Where to.</param>
    /// <param name="frames">All frames; those before <paramref name="from"/> were seen by a former call.</param>
    /// <param name="from">The first new frame.</param>
    /// <param name="ids">The id of each name so far; grows.</param>
    public static void Write(BlockBuilder blocks, IReadOnlyList<SourceFrame> frames, int from, Dictionary<string, int> ids)
    {
        blocks.Begin(BlockType.Strings);
        for (var i = from; i < frames.Count; i++)
        {
            Add(blocks, ids, frames[i].Function);
            Add(blocks, ids, frames[i].File);
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<string> strings)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(strings.Count);
            strings.Add(payload.Text());
        }
    }

    private static void Add(BlockBuilder blocks, Dictionary<string, int> ids, string name)
    {
        if (!ids.TryAdd(name, ids.Count))
            return;
        blocks.Payload.Text(name);
        blocks.EntryDone();
    }
}
