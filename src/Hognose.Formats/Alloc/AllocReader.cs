using System.Buffers.Binary;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc.Payloads;

namespace Hognose.Formats.Alloc;

/// <summary>Decodes <c>*.alloc</c>, format 1. The file may hold anything; what comes out is consistent.</summary>
public static class AllocReader
{
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <exception cref="CannotContinueException">Empty, cut short, damaged, of another version, or no recording at all.</exception>
    public static RecordingSummary Read(Stream file, string fileName)
    {
        CheckHead(file, fileName);
        using var blocks = new BlockReader(file, fileName);
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
            case BlockType.Strings: StringsPayload.Read(ref payload, recording.Strings); break;
            case BlockType.Frames: FramesPayload.Read(ref payload, recording); break;
            case BlockType.Stacks: StacksPayload.Read(ref payload, recording); break;
            case BlockType.Usage: UsagePayload.Read(ref payload, recording); break;
            case BlockType.Timeline: TimelinePayload.Read(ref payload, recording.Timeline); break;
            case BlockType.End:
                EndPayload.Read(ref payload).Verify(recording, blocks);
                return false;
            default: break; // Of a later minor addition: skipped, its checksum held.
        }
        return true;
    }

    private static void CheckHead(Stream file, string fileName)
    {
        Span<byte> head = stackalloc byte[AllocFormat.HeadLength];
        var length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (length == 0)
            throw new CannotContinueException($"'{fileName}' is empty", "hognose was killed before it could write the recording, or the disk was full: record again");
        var magic = AllocFormat.Magic[..Math.Min(length, AllocFormat.Magic.Length)];
        if (!head[..magic.Length].SequenceEqual(magic))
            throw new CannotContinueException($"'{fileName}' is no recording of hognose", "give a file that 'hognose run' wrote (*.alloc)");
        if (length < head.Length)
            throw new CannotContinueException($"'{fileName}' ends early, at byte {length}: it was cut short, or hognose was killed while it wrote", "record again");
        if (BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) != Checksum.Of(head[..12]))
            throw new CannotContinueException($"'{fileName}' is damaged at byte 8: the head of the file does not hold", "record again, or copy the file again if it came from elsewhere");
        CheckVersion(BinaryPrimitives.ReadUInt32LittleEndian(head[8..]), fileName);
    }

    private static void CheckVersion(uint version, string fileName)
    {
        if (version > AllocFormat.CurrentVersion)
            throw new CannotContinueException(
                $"'{fileName}' was written by a newer hognose (format {version}; this one reads {AllocFormat.CurrentVersion})", "use that version of hognose to show it");
        if (version != AllocFormat.CurrentVersion)
            throw new CannotContinueException($"'{fileName}' has format {version}, which never was", "record again");
    }
}
