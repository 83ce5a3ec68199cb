namespace Hognose.Formats.Blocks;

/// <summary>Packs each block, writes it, and counts them for the end block.</summary>
internal sealed class BlockWriter(Stream file) : BlockBuilder, IDisposable
{
    private readonly BlockPacker _packer = new();

    public int Blocks { get; private set; }

    /// <summary>CRC-32C over the checksums of all heads so far: a block that is missing, doubled or moved changes it.</summary>
    public uint Chain { get; private set; } = uint.MaxValue;

    public void Write(BlockType type, ReadOnlySpan<byte> payload)
    {
        _packer.Pack(type, payload);
        Write(_packer);
    }

    /// <summary>A block that was packed before.</summary>
    public void Write(BlockPacker packed)
    {
        Span<byte> encoded = stackalloc byte[BlockHead.Length];
        var checksum = packed.Head.Write(encoded);
        file.Write(encoded);
        file.Write(packed.Stored);
        Chain = Checksum.Chain(Chain, checksum);
        Blocks++;
    }

    public void Dispose() => _packer.Dispose();

    protected override void HandOn(BlockType type)
    {
        Write(type, Payload.Written);
        Payload.Clear();
    }
}
