using System.Buffers.Binary;
using Hognose.Formats.Alloc.Payloads;

namespace Hognose.Formats.Alloc;

/// <summary>Encodes a recording as <c>*.alloc</c>, format 1.</summary>
public static class AllocWriter
{
    /// <summary>Writes forwards only, so that <paramref name="file"/> may be a pipe.</summary>
    /// <exception cref="IOException">The disk is full, or whatever the stream says.</exception>
    public static void Write(Stream file, RecordingSummary recording)
    {
        WriteHead(file);
        using var blocks = new BlockWriter(file);
        FactsPayload.Write(blocks, recording.Facts);
        var strings = StringsPayload.Write(blocks, recording.Stacks.Frames);
        FramesPayload.Write(blocks, recording.Stacks.Frames, strings);
        StacksPayload.Write(blocks, recording.Stacks);
        UsagePayload.Write(blocks, recording.Usage);
        TimelinePayload.Write(blocks, recording.Timeline);
        EndPayload.Write(blocks, EndPayload.Of(recording, strings.Count, blocks));
        file.Flush();
    }

    private static void WriteHead(Stream file)
    {
        Span<byte> head = stackalloc byte[AllocFormat.HeadLength];
        AllocFormat.Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], AllocFormat.CurrentVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], Checksum.Of(head[..12]));
        file.Write(head);
    }
}
