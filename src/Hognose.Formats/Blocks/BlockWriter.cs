using ZstdSharp;

namespace Hognose.Formats.Blocks;

/// <summary>Compresses and checks each block, writes it, and counts them for the end block.</summary>
internal sealed class BlockWriter(Stream file) : BlockBuilder, IDisposable
{
    private const int CompressionLevel = 1; // As small as level 9 on our payloads, at three times its speed (docs/decisions.md).

    private readonly Compressor _compressor = new(CompressionLevel);
    private byte[] _stored = [];

    public int Blocks { get; private set; }

    /// <summary>CRC-32C over the checksums of all heads so far: a block that is missing, doubled or moved changes it.</summary>
    public uint Chain { get; private set; } = uint.MaxValue;

    public void Write(BlockType type, ReadOnlySpan<byte> payload)
    {
        var bytes = Compress(payload, out var compressed);
        var head = new BlockHead(type, (uint)bytes.Length, (uint)payload.Length, compressed ? BlockHead.CompressedFlag : 0, Checksum.Of(bytes));
        Span<byte> encoded = stackalloc byte[BlockHead.Length];
        var checksum = head.Write(encoded);
        file.Write(encoded);
        file.Write(bytes);
        Chain = Checksum.Chain(Chain, checksum);
        Blocks++;
    }

    public void Dispose() => _compressor.Dispose();

    protected override void HandOn(BlockType type)
    {
        Write(type, Payload.Written);
        Payload.Clear();
    }

    private ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> payload, out bool compressed)
    {
        compressed = false;
        if (payload.IsEmpty)
            return payload;
        var bound = Compressor.GetCompressBound(payload.Length);
        if (_stored.Length < bound)
            _stored = new byte[bound];
        var length = _compressor.Wrap(payload, _stored);
        compressed = length < payload.Length;
        return compressed ? _stored.AsSpan(0, length) : payload;
    }
}
