using System.Buffers.Binary;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap;
using ZstdSharp;

namespace Hognose.Formats.Tests.Heap;

/// <summary>Files that are wrong behind checksums that hold.</summary>
internal static class HeapForged
{
    public static byte[] WithVersion(byte[] file, byte version)
    {
        file[8] = version;
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(12), Checksum.Of(file.AsSpan(0, 12)));
        return file;
    }

    /// <summary>One block of a kind, with a bit of what is stored flipped.</summary>
    public static byte[] Damaged(byte[] file, BlockType kind, int number = 0)
    {
        var damaged = file.ToArray();
        for (var at = BlockFormat.HeadLength; at < file.Length;)
        {
            Assert.True(BlockHead.TryRead(file.AsSpan(at), out var head, out _));
            if (head.Type == kind && number-- == 0)
            {
                damaged[at + BlockHead.Length] ^= 1;
                return damaged;
            }
            at += BlockHead.Length + (int)head.StoredLength;
        }
        throw new InvalidOperationException($"no block of {kind}");
    }

    /// <summary>One byte of one block's contents is another, or one block is left out; all checksums and the chain are right.</summary>
    public static byte[] Altered(byte[] file, Random random)
    {
        var blocks = Split(file);
        var chosen = random.Next(blocks.Count);
        if (random.Next(8) == 0)
            blocks.RemoveAt(chosen);
        else if (blocks[chosen].Payload.Length > 0)
            blocks[chosen].Payload[random.Next(blocks[chosen].Payload.Length)] = (byte)random.Next(256);
        var stream = new MemoryStream();
        FileHead.Write(stream, HeapFormat.Magic, HeapFormat.CurrentVersion);
        using var writer = new BlockWriter(stream);
        foreach (var (type, payload) in blocks)
        {
            writer.Begin(type);
            writer.Payload.Raw(payload);
            writer.Finish();
        }
        var (count, chain) = (writer.Blocks, writer.Chain);
        writer.Begin(BlockType.End);
        writer.Payload.Count(count);
        writer.Payload.Number(chain);
        writer.Finish();
        return stream.ToArray();
    }

    private static List<(BlockType Type, byte[] Payload)> Split(byte[] file)
    {
        var blocks = new List<(BlockType, byte[])>();
        using var decompressor = new Decompressor();
        for (var at = BlockFormat.HeadLength; at < file.Length;)
        {
            Assert.True(BlockHead.TryRead(file.AsSpan(at), out var head, out _));
            var stored = file.AsSpan(at + BlockHead.Length, (int)head.StoredLength);
            if (head.Type != BlockType.End)
                blocks.Add((head.Type, head.IsCompressed ? decompressor.Unwrap(stored).ToArray() : stored.ToArray()));
            at += BlockHead.Length + stored.Length;
        }
        return blocks;
    }
}
