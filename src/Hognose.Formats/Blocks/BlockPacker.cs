using ZstdSharp;

namespace Hognose.Formats.Blocks;

/// <summary>Compresses a payload and makes its block's head. One at a time; several may work beside each other.</summary>
internal sealed class BlockPacker : IDisposable
{
    private const int CompressionLevel = 1; // As small as level 9 on our payloads, at three times its speed (docs/decisions.md).

    private readonly Compressor _compressor = new(CompressionLevel);
    private byte[] _stored = [];
    private int _length;

    public BlockHead Head { get; private set; }

    /// <summary>What stands behind the head; valid until the next is packed.</summary>
    public ReadOnlySpan<byte> Stored => _stored.AsSpan(0, _length);

    public void Pack(BlockType type, ReadOnlySpan<byte> payload)
    {
        var bound = Compressor.GetCompressBound(payload.Length);
        if (_stored.Length < bound)
            _stored = new byte[bound];
        _length = payload.IsEmpty ? 0 : _compressor.Wrap(payload, _stored);
        var isCompressed = _length < payload.Length;
        if (!isCompressed)
        {
            payload.CopyTo(_stored);
            _length = payload.Length;
        }
        Head = new BlockHead(type, (uint)_length, (uint)payload.Length, isCompressed ? BlockHead.CompressedFlag : 0, Checksum.Of(Stored));
    }

    public void Dispose() => _compressor.Dispose();
}
