using System.Buffers.Binary;
using CsCheck;
using Hognose.Diagnostics;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Tests.Alloc;

public class AllocHostileTests
{
    private static readonly byte[] File = Recordings.Encode(Recordings.Small());

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        for (var bit = 0; bit < File.Length * 8; bit++)
        {
            var damaged = File.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            OneClearLine(damaged);
        }
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        for (var length = 0; length < File.Length; length++)
        {
            var trouble = OneClearLine(File[..length]);
            Assert.Contains(length == 0 ? "is empty" : "ends early", trouble.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_after_the_end_are_noticed() =>
        Assert.Contains("bytes follow the end", OneClearLine([.. File, 0]).Message, StringComparison.Ordinal);

    [Fact]
    public void Random_bytes_are_no_recording() =>
        Gen.Byte.Array[1, 5000].Sample(bytes => Assert.Contains("no recording of hognose", OneClearLine(bytes).Message, StringComparison.Ordinal), seed: "0N0XIzNsQ0O2", iter: 300);

    [Fact]
    public void Random_payloads_behind_valid_checksums_give_one_clear_line_or_a_recording() =>
        Gen.Select(Gen.Int[0, 6], Gen.Byte.Array[0, 40]).Array[1, 12].Sample(
            blocks => ReadsOrSaysOneLine(Forged.FileOf([.. blocks.Select(block => (Forged.Types[block.Item1], block.Item2))])),
            seed: "0N0XIzNsQ0O2",
            iter: 5_000);

    [Fact]
    public void Blocks_of_an_unknown_type_are_skipped()
    {
        var file = Forged.WithUnknownBlock(Recordings.Small());
        Assert.Null(Testing.Recordings.RecordingEquality.Difference(Recordings.Small(), Recordings.Decode(file)));
    }

    [Fact]
    public void A_missing_block_is_noticed()
    {
        var blocks = Forged.Split(File);
        for (var missing = 0; missing < blocks.Count - 1; missing++)
            OneClearLine(Forged.Join(blocks.Where((_, index) => index != missing)));
    }

    [Fact]
    public void A_doubled_or_moved_block_is_noticed()
    {
        var blocks = Forged.Split(File);
        for (var index = 0; index < blocks.Count - 1; index++)
        {
            OneClearLine(Forged.Join([.. blocks[..index], blocks[index], .. blocks[index..]]));
            if (index > 0)
                OneClearLine(Forged.Join([.. blocks[..(index - 1)], blocks[index], blocks[index - 1], .. blocks[(index + 1)..]]));
        }
    }

    [Fact]
    public void A_newer_format_is_named()
    {
        var newer = File.ToArray();
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(newer.AsSpan(12), Checksum.Of(newer.AsSpan(0, 12)));
        Assert.Equal("'it.alloc' was written by a newer hognose (format 2; this one reads 1)", OneClearLine(newer).Message);
    }

    [Theory]
    [InlineData("a stack that is its own caller", BlockType.Stacks, new byte[] { 0, 0, 0 })]
    [InlineData("a caller before the first stack", BlockType.Stacks, new byte[] { 0, 2, 0 })]
    [InlineData("a frame that is not there", BlockType.Stacks, new byte[] { 0, 1, 9 })]
    [InlineData("a name that is not there", BlockType.Frames, new byte[] { 5, 0, 1, 1 })]
    [InlineData("a text longer than the block", BlockType.Strings, new byte[] { 200, 1 })]
    [InlineData("a text of 2^63 bytes", BlockType.Strings, new byte[] { 128, 128, 128, 128, 128, 128, 128, 128, 128, 1 })]
    [InlineData("a number without end", BlockType.Strings, new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 })]
    [InlineData("usage of a stack that is not there", BlockType.Usage, new byte[] { 2, 1, 1 })]
    [InlineData("usage of the same stack twice", BlockType.Usage, new byte[] { 1, 1, 1, 0, 1, 1 })]
    [InlineData("a fact of nine bytes", BlockType.Facts, new byte[] { 10, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData("a negative fact", BlockType.Facts, new byte[] { 10, 8, 255, 255, 255, 255, 255, 255, 255, 255 })]
    public void Nonsense_behind_valid_checksums_is_refused(string what, BlockType type, byte[] payload)
    {
        var trouble = OneClearLine(Forged.FileOf([(BlockType.Strings, [1, (byte)'a']), (BlockType.Frames, [0, 0, 1, 1]), (BlockType.Stacks, [0]), (type, payload)]));
        Assert.Contains("damaged", trouble.Message, StringComparison.Ordinal);
        Assert.NotEmpty(what);
    }

    [Fact]
    public void A_small_frame_that_unpacks_to_more_than_it_says_is_refused()
    {
        using var compressor = new ZstdSharp.Compressor();
        var bomb = compressor.Wrap(new byte[32 << 20]).ToArray();
        var file = Forged.Join([Forged.Head, Forged.Block(new BlockHead(BlockType.Facts, (uint)bomb.Length, 3 << 20, BlockHead.CompressedFlag, Checksum.Of(bomb)), bomb)]);
        Assert.Contains("cannot be decompressed", OneClearLine(file).Message, StringComparison.Ordinal);
    }

    private static CannotContinueException OneClearLine(byte[] file)
    {
        var trouble = Assert.ThrowsAny<CannotContinueException>(() => Recordings.Decode(file));
        Assert.DoesNotContain('\n', trouble.Message);
        Assert.NotEmpty(trouble.Remedy);
        return trouble;
    }

    private static void ReadsOrSaysOneLine(byte[] file)
    {
        try
        {
            Recordings.Decode(file);
        }
        catch (CannotContinueException)
        {
        }
    }
}
