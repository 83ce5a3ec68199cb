using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>A way in which a stack's survivors are held: distance of the stack from the former entry's (0: the same), objects, bytes, the way in words.</summary>
internal static class SurvivorHoldersPayload
{
    public static void Write(BlockWriter blocks, IReadOnlyList<SurvivorHolder> holders)
    {
        if (holders.Count == 0)
            return;
        blocks.Begin(BlockType.SurvivorHolders);
        var former = 0;
        foreach (var each in holders.OrderBy(each => each.Stack))
        {
            blocks.Payload.Count(each.Stack - former);
            blocks.Payload.Count(each.Objects);
            blocks.Payload.Count(each.Bytes);
            blocks.Payload.Text(each.HeldBy);
            blocks.EntryDone();
            former = each.Stack;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, RecordingBuilder recording)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(recording.SurvivorHolders.Count);
            var former = recording.SurvivorHolders.Count == 0 ? 0 : recording.SurvivorHolders[^1].Stack;
            var stack = former + payload.Index(recording.Stacks.ParentStack.Count - former);
            var objects = payload.Count();
            var bytes = payload.Count();
            recording.SurvivorHolders.Add(new SurvivorHolder(stack, payload.Text(), objects, bytes));
        }
    }
}
