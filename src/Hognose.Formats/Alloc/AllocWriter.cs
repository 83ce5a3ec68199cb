using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Encodes a recording as <c>*.alloc</c>, format 1, without its events.</summary>
public static class AllocWriter
{
    /// <summary>Writes forwards only, so that <paramref name="file"/> may be a pipe.</summary>
    /// <exception cref="IOException">The disk is full, or whatever the stream says.</exception>
    public static void Write(Stream file, RecordingSummary recording) => Write(file, recording, []);

    /// <param name="file">Written forwards only.</param>
    /// <param name="recording">What was recorded.</param>
    /// <param name="survivors">By address.</param>
    /// <exception cref="IOException">As above.</exception>
    public static void Write(Stream file, RecordingSummary recording, IEnumerable<Survivor> survivors)
    {
        FileHead.Write(file, AllocFormat.Magic, AllocFormat.CurrentVersion);
        using var blocks = new BlockWriter(file);
        WriteSummary(blocks, new StackNames(), recording, survivors);
        file.Flush();
    }

    /// <summary>All that follows the events.</summary>
    internal static void WriteSummary(BlockWriter blocks, StackNames names, RecordingSummary recording, IEnumerable<Survivor> survivors)
    {
        FactsPayload.Write(blocks, recording.Facts);
        names.Write(blocks, recording.Stacks.Frames, recording.Stacks.ParentStack, recording.Stacks.InnermostFrame);
        UsagePayload.Write(blocks, recording.Usage);
        VariancesPayload.Write(blocks, recording.Variances);
        SurvivorsPayload.Write(blocks, recording);
        TimelinePayload.Write(blocks, recording.Timeline);
        ShapePayloads.Write(blocks, recording.Shape);
        FamilyPayload.Write(blocks, recording.Family);
        CollectionsPayload.Write(blocks, recording.Collections);
        MarksPayload.Write(blocks, recording.Marks);
        LivePayload.Write(blocks, survivors);
        EndPayload.Write(blocks, EndPayload.Of(recording, names.Strings, blocks));
    }
}
