using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>Moments with a name (<c>MRKS</c>), in the order of time.</summary>
internal static class MarksPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<RecordingMark> marks)
    {
        blocks.Begin(BlockType.Marks);
        var former = 0L;
        foreach (var mark in marks)
        {
            blocks.Payload.Count(mark.Nanoseconds - former);
            blocks.Payload.Text(mark.Name);
            blocks.EntryDone();
            former = mark.Nanoseconds;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<RecordingMark> marks)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(marks.Count);
            marks.Add(new RecordingMark(payload.MomentAfter(marks.Count == 0 ? 0 : marks[^1].Nanoseconds), payload.Text()));
        }
    }
}
