using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Tests.Alloc;

/// <summary>Files whose checksums hold and whose contents need not: what a hostile writer would send.</summary>
internal static class Forged
{
    public static BlockType[] Types { get; } =
        [BlockType.Facts, BlockType.Strings, BlockType.Frames, BlockType.Stacks, BlockType.Usage, BlockType.Timeline, (BlockType)0x41414141];

    public static byte[] Head { get; } = Recordings.Encode(Recordings.Small())[..BlockFormat.HeadLength];

    /// <summary>The blocks, then an end block that counts them but expects no entries.</summary>
    public static byte[] FileOf((BlockType Type, byte[] Payload)[] blocks)
    {
        using var file = new MemoryStream();
        file.Write(Head);
        using var writer = new BlockWriter(file);
        foreach (var (type, payload) in blocks)
            Add(writer, type, payload);
        EndPayload.Write(writer, new EndPayload(writer.Blocks, writer.Chain, 0, 0, 1, 0, 0));
        return file.ToArray();
    }

    public static byte[] WithUnknownBlock(RecordingSummary recording)
    {
        using var file = new MemoryStream();
        file.Write(Head);
        using var writer = new BlockWriter(file);
        FactsPayload.Write(writer, recording.Facts);
        Add(writer, (BlockType)0x41414141, [1, 2, 3]);
        var names = new StackNames();
        names.Write(writer, recording.Stacks.Frames, recording.Stacks.ParentStack, recording.Stacks.InnermostFrame);
        UsagePayload.Write(writer, recording.Usage);
        TimelinePayload.Write(writer, recording.Timeline);
        EndPayload.Write(writer, EndPayload.Of(recording, names.Strings, writer));
        return file.ToArray();
    }

    /// <summary>The head of the file, then each block with its own head.</summary>
    public static List<byte[]> Split(byte[] file)
    {
        var parts = new List<byte[]> { file[..BlockFormat.HeadLength] };
        for (var position = BlockFormat.HeadLength; position < file.Length;)
        {
            Assert.True(BlockHead.TryRead(file.AsSpan(position, BlockHead.Length), out var head, out _));
            var next = position + BlockHead.Length + (int)head.StoredLength;
            parts.Add(file[position..next]);
            position = next;
        }
        return parts;
    }

    public static byte[] Join(IEnumerable<byte[]> parts) => [.. parts.SelectMany(part => part)];

    public static byte[] Block(BlockHead head, byte[] stored)
    {
        var encoded = new byte[BlockHead.Length];
        head.Write(encoded);
        return [.. encoded, .. stored];
    }

    private static void Add(BlockWriter writer, BlockType type, byte[] payload)
    {
        writer.Begin(type);
        writer.Payload.Raw(payload);
        writer.Finish();
    }
}
