using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>What a stack's survivors are: distance of the stack from the former entry's (0: the same), blocks, bytes, name of the type.</summary>
internal static class SurvivingTypesPayload
{
    public static void Write(BlockWriter blocks, IReadOnlyList<SurvivingType> types)
    {
        if (types.Count == 0)
            return;
        blocks.Begin(BlockType.SurvivingTypes);
        var former = 0;
        foreach (var each in types.OrderBy(each => each.Stack))
        {
            blocks.Payload.Count(each.Stack - former);
            blocks.Payload.Count(each.Blocks);
            blocks.Payload.Count(each.Bytes);
            blocks.Payload.Text(each.Type);
            blocks.EntryDone();
            former = each.Stack;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, RecordingBuilder recording)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(recording.SurvivingTypes.Count);
            var former = recording.SurvivingTypes.Count == 0 ? 0 : recording.SurvivingTypes[^1].Stack;
            var stack = former + payload.Index(recording.Stacks.ParentStack.Count - former);
            var blocks = payload.Count();
            var bytes = payload.Count();
            recording.SurvivingTypes.Add(new SurvivingType(stack, payload.Text(), blocks, bytes));
        }
    }
}
