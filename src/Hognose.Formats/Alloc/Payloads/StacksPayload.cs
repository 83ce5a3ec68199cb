using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>
/// A stack: how far back its caller's stack stands (1 or more), id of its innermost frame. Counting back keeps numbers small and makes a
/// cycle impossible to write down. Entry 0, the empty stack, is not stored.
/// </summary>
internal static class StacksPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<int> parentStack, IReadOnlyList<int> innermostFrame, int from)
    {
        blocks.Begin(BlockType.Stacks);
        if (from == 0)
            blocks.Payload.Byte(0); // The empty stack, so that a recording of it alone has this block too.
        for (var stack = Math.Max(1, from); stack < parentStack.Count; stack++)
        {
            blocks.Payload.Count(stack - parentStack[stack]);
            blocks.Payload.Count(innermostFrame[stack]);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, StackColumns columns)
    {
        if (columns.ParentStack.Count == 0)
        {
            if (payload.Byte() != 0)
                throw new MalformedPayloadException("does not begin with the empty stack");
            columns.ParentStack.Add(0);
            columns.InnermostFrame.Add(-1);
        }
        while (!payload.IsAtEnd)
        {
            var stack = columns.ParentStack.Count;
            StackColumns.CheckRoom(stack);
            var back = payload.Index(stack + 1);
            if (back == 0)
                throw new MalformedPayloadException($"says that stack {stack} calls itself");
            columns.ParentStack.Add(stack - back);
            columns.InnermostFrame.Add(payload.Index(columns.Frames.Count));
        }
    }
}
