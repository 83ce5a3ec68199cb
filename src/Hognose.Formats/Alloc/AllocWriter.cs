using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Encodes a recording as <c>*.alloc</c>, format 1.</summary>
public static class AllocWriter
{
    /// <summary>Writes forwards only, so that <paramref name="file"/> may be a pipe.</summary>
    /// <exception cref="IOException">The disk is full, or whatever the stream says.</exception>
    public static void Write(Stream file, RecordingSummary recording)
    {
        FileHead.Write(file, AllocFormat.Magic, AllocFormat.CurrentVersion);
        using var blocks = new BlockWriter(file);
        FactsPayload.Write(blocks, recording.Facts);
        var strings = StringsPayload.Write(blocks, recording.Stacks.Frames);
        FramesPayload.Write(blocks, recording.Stacks.Frames, strings);
        StacksPayload.Write(blocks, recording.Stacks);
        UsagePayload.Write(blocks, recording.Usage);
        SurvivingTypesPayload.Write(blocks, recording.SurvivingTypes);
        SurvivorHoldersPayload.Write(blocks, recording.SurvivorHolders);
        TimelinePayload.Write(blocks, recording.Timeline);
        EndPayload.Write(blocks, EndPayload.Of(recording, strings.Count, blocks));
        file.Flush();
    }
}
