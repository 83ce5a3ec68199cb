using Hognose.Diagnostics;
using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc;

/// <summary>Decodes <c>*.alloc</c>, format 1. The file may hold anything; what comes out is consistent.</summary>
public static class AllocReader
{
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="CannotContinueException">Empty, cut short, damaged, of another version, or no recording at all.</exception>
    public static RecordingSummary Read(Stream file, string fileName)
    {
        FileHead.Check(file, fileName, AllocFormat.Magic, AllocFormat.CurrentVersion, AllocFormat.Words);
        using var blocks = new BlockReader(file, fileName, AllocFormat.Words);
        var recording = new RecordingBuilder();
        try
        {
            while (ReadBlock(blocks, recording))
            {
            }
            blocks.ExpectEndOfFile();
            return recording.ToSummary();
        }
        catch (MalformedPayloadException malformed)
        {
            throw blocks.Damaged(malformed.Message);
        }
    }

    /// <returns>false after the end block.</returns>
    private static bool ReadBlock(BlockReader blocks, RecordingBuilder recording)
    {
        var payload = new PayloadReader(blocks.Next(out var type));
        switch (type)
        {
            case BlockType.Facts: recording.Facts = FactsPayload.Read(ref payload); break;
            case BlockType.Strings: StringsPayload.Read(ref payload, recording.Stacks.Strings); break;
            case BlockType.Frames: FramesPayload.Read(ref payload, recording.Stacks); break;
            case BlockType.Stacks: StacksPayload.Read(ref payload, recording.Stacks); break;
            case BlockType.SurvivingTypes: SurvivingTypesPayload.Read(ref payload, recording); break;
            case BlockType.SurvivorHolders: SurvivorHoldersPayload.Read(ref payload, recording); break;
            case BlockType.Usage: UsagePayload.Read(ref payload, recording); break;
            case BlockType.Timeline: TimelinePayload.Read(ref payload, recording.Timeline); break;
            case BlockType.End:
                EndPayload.Read(ref payload).Verify(recording, blocks);
                return false;
            default: break; // Of a later minor addition: skipped, its checksum held.
        }
        return true;
    }
}
