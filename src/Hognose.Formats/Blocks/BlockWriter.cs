using ZstdSharp;

namespace Hognose.Formats.Blocks;

/// <summary>Cuts entries into blocks, compresses and checks each, and counts them for the end block.</summary>
internal sealed class BlockWriter(Stream file) : IDisposable
{
    private const int CompressionLevel = 1; // As small as level 9 on our payloads, at three times its speed (docs/decisions.md).

    private readonly Compressor _compressor = new(CompressionLevel);
    private byte[] _stored = [];
    private BlockType _type;

    public PayloadWriter Payload { get; } = new();

    public int Blocks { get; private set; }

    /// <summary>CRC-32C over the checksums of all heads so far: a block that is missing, doubled or moved changes it.</summary>
    public uint Chain { get; private set; } = uint.MaxValue;

    public void Begin(BlockType type)
    {
        Finish();
        _type = type;
    }

    /// <summary>To be called after each whole entry: a block never splits one.</summary>
    public void EntryDone()
    {
        if (Payload.Length < BlockFormat.UsualPayload)
            return;
        var type = _type;
        Finish();
        _type = type;
    }

    /// <summary>Writes the block begun, if it has anything in it. The end block is written even when empty.</summary>
    public void Finish()
    {
        if (_type == BlockType.None || (Payload.Length == 0 && _type != BlockType.End))
            return;
        if (Payload.Length > BlockFormat.MaximumPayload)
            throw new InvalidOperationException($"an entry of {_type} is larger than a block may be");
        var bytes = Compress(Payload.Written, out var compressed);
        var head = new BlockHead(_type, (uint)bytes.Length, (uint)Payload.Length, compressed ? BlockHead.CompressedFlag : 0, Checksum.Of(bytes));
        Span<byte> encoded = stackalloc byte[BlockHead.Length];
        Chain = Checksum.Chain(Chain, head.Write(encoded));
        Blocks++;
        file.Write(encoded);
        file.Write(bytes);
        Payload.Clear();
        _type = BlockType.None;
    }

    public void Dispose() => _compressor.Dispose();

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
