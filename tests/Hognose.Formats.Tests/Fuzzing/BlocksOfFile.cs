using Hognose.Formats.Blocks;
using Hognose.Testing.Fuzzing;
using ZstdSharp;

namespace Hognose.Formats.Tests.Fuzzing;

/// <summary>A file of blocks taken apart, changed behind its checksums, and put together again with checksums and chain that hold.</summary>
/// <param name="Head">Of the file.</param>
/// <param name="Blocks">All but the end.</param>
/// <param name="End">The payload of the end block, which begins with a count and the chain.</param>
internal sealed record BlocksOfFile(byte[] Head, IReadOnlyList<(BlockType Type, byte[] Payload)> Blocks, byte[] End)
{
    public static BlocksOfFile Split(byte[] file)
    {
        var blocks = new List<(BlockType, byte[])>();
        byte[] end = [];
        using var decompressor = new Decompressor();
        for (var at = BlockFormat.HeadLength; at < file.Length;)
        {
            Assert.True(BlockHead.TryRead(file.AsSpan(at), out var head, out _));
            var stored = file.AsSpan(at + BlockHead.Length, (int)head.StoredLength);
            var payload = head.IsCompressed ? decompressor.Unwrap(stored).ToArray() : stored.ToArray();
            if (head.Type == BlockType.End)
                end = payload;
            else
                blocks.Add((head.Type, payload));
            at += BlockHead.Length + stored.Length;
        }
        return new BlocksOfFile(file[..BlockFormat.HeadLength], blocks, end);
    }

    /// <summary>Other contents, order, number or kinds of blocks.</summary>
    public byte[] Altered(Random random)
    {
        var blocks = Blocks.ToList();
        var end = End;
        for (var left = random.Next(1, 4); left > 0 && blocks.Count > 0; left--)
        {
            var chosen = random.Next(blocks.Count);
            var (type, payload) = blocks[chosen];
            switch (random.Next(12))
            {
                case 0: blocks.RemoveAt(chosen); break;
                case 1: blocks.Insert(random.Next(blocks.Count + 1), blocks[chosen]); break;
                case 2: blocks[chosen] = (blocks[random.Next(blocks.Count)].Type, payload); break;
                case 3: (blocks[chosen], blocks[0]) = (blocks[0], blocks[chosen]); break;
                case 4: end = Mutation.Of(end, random); break;
                default: blocks[chosen] = (type, Mutation.Of(payload, random)); break;
            }
        }
        return Join(blocks, end);
    }

    private byte[] Join(IReadOnlyList<(BlockType Type, byte[] Payload)> blocks, byte[] end)
    {
        var stream = new MemoryStream();
        stream.Write(Head);
        using var writer = new BlockWriter(stream);
        foreach (var (type, payload) in blocks)
            Add(type, payload);
        var (count, chain) = (writer.Blocks, writer.Chain);
        writer.Begin(BlockType.End);
        writer.Payload.Count(count);
        writer.Payload.Number(chain);
        writer.Payload.Raw(BehindChain(end));
        writer.Finish();
        return stream.ToArray();

        void Add(BlockType type, byte[] payload)
        {
            writer.Begin(type);
            writer.Payload.Raw(payload);
            writer.Finish();
        }
    }

    private static byte[] BehindChain(byte[] end)
    {
        var at = 0;
        for (var numbers = 0; numbers < 2 && at < end.Length; at++)
            if (end[at] < 0x80)
                numbers++;
        return end[at..];
    }
}
