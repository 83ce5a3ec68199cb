using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>A frame: id of the function's name, id of the file's name, line, first line of the function.</summary>
internal static class FramesPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<SourceFrame> frames, int from, Dictionary<string, int> strings)
    {
        blocks.Begin(BlockType.Frames);
        for (var i = from; i < frames.Count; i++)
        {
            var frame = frames[i];
            blocks.Payload.Count(strings[frame.Function]);
            blocks.Payload.Count(strings[frame.File]);
            blocks.Payload.Count(Math.Max(0, frame.Line));
            blocks.Payload.Count(Math.Max(0, frame.FirstLine));
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, StackColumns stacks)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(stacks.Frames.Count);
            var function = stacks.Strings[payload.Index(stacks.Strings.Count)];
            var file = stacks.Strings[payload.Index(stacks.Strings.Count)];
            stacks.Frames.Add(new SourceFrame(function, file, payload.Int32(), payload.Int32()));
        }
    }
}
