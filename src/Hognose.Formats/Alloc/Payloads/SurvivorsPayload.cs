using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>
/// What is known of a stack's survivors, their types (<c>OBJS</c>) or their holders (<c>HLDS</c>): distance of the stack from the former entry's (0: the
/// same), how many, bytes, text.
/// </summary>
internal static class SurvivorsPayload
{
    public static void Write(BlockWriter blocks, RecordingSummary recording)
    {
        Write(blocks, BlockType.SurvivingTypes, recording.SurvivingTypes.Select(each => new Entry(each.Stack, each.Blocks, each.Bytes, each.Type)));
        Write(blocks, BlockType.SurvivorHolders, recording.SurvivorHolders.Select(each => new Entry(each.Stack, each.Objects, each.Bytes, each.HeldBy)));
    }

    public static void ReadTypes(ref PayloadReader payload, RecordingBuilder recording)
    {
        var types = recording.SurvivingTypes;
        while (!payload.IsAtEnd)
        {
            var entry = Read(ref payload, types.Count, types.Count == 0 ? 0 : types[^1].Stack, recording);
            types.Add(new SurvivingType(entry.Stack, entry.Text, entry.Count, entry.Bytes));
        }
    }

    public static void ReadHolders(ref PayloadReader payload, RecordingBuilder recording)
    {
        var holders = recording.SurvivorHolders;
        while (!payload.IsAtEnd)
        {
            var entry = Read(ref payload, holders.Count, holders.Count == 0 ? 0 : holders[^1].Stack, recording);
            holders.Add(new SurvivorHolder(entry.Stack, entry.Text, entry.Count, entry.Bytes));
        }
    }

    private static void Write(BlockWriter blocks, BlockType type, IEnumerable<Entry> entries)
    {
        blocks.Begin(type);
        var former = 0;
        foreach (var entry in entries.OrderBy(each => each.Stack))
        {
            blocks.Payload.Count(entry.Stack - former);
            blocks.Payload.Count(entry.Count);
            blocks.Payload.Count(entry.Bytes);
            blocks.Payload.Text(entry.Text);
            blocks.EntryDone();
            former = entry.Stack;
        }
        blocks.Finish();
    }

    private static Entry Read(ref PayloadReader payload, int entries, int former, RecordingBuilder recording)
    {
        StackColumns.CheckRoom(entries);
        var stack = former + payload.Index(recording.Stacks.ParentStack.Count - former);
        return new Entry(stack, payload.Count(), payload.Count(), payload.Text());
    }

    private readonly record struct Entry(int Stack, long Count, long Bytes, string Text);
}
