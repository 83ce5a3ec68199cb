using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>A moment: nanoseconds since the former one, heap bytes, resident bytes + 1 (0: not known).</summary>
internal static class TimelinePayload
{
    public static void Write(BlockWriter blocks, IReadOnlyList<TimelinePoint> timeline)
    {
        blocks.Begin(BlockType.Timeline);
        var former = 0L;
        foreach (var point in timeline)
        {
            blocks.Payload.Count(point.Nanoseconds - former);
            blocks.Payload.Count(point.HeapBytes);
            blocks.Payload.Count(Math.Max(-1, point.ResidentBytes) + 1);
            blocks.EntryDone();
            former = point.Nanoseconds;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<TimelinePoint> timeline)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(timeline.Count);
            timeline.Add(new TimelinePoint(payload.MomentAfter(timeline.Count == 0 ? 0 : timeline[^1].Nanoseconds), payload.Count(), payload.Count() - 1));
        }
    }
}
