using Hognose.Diagnostics;
using ZstdSharp;

namespace Hognose.Formats.Blocks;

/// <summary>Reads block after block; every length is checked before it is used.</summary>
/// <param name="file">Read from its current position.</param>
/// <param name="fileName">For messages.</param>
/// <param name="words">For messages.</param>
internal sealed class BlockReader(Stream file, string fileName, FileWords words) : IDisposable
{
    private readonly Decompressor _decompressor = new();
    private byte[] _stored = [];
    private byte[] _payload = [];
    private long _position = BlockFormat.HeadLength;
    private long _blockPosition;
    private BlockHead _head;
    private Expansion _expansion;

    public int Blocks { get; private set; }

    public uint Chain { get; private set; } = uint.MaxValue;

    /// <summary>Of the block that was asked for last; to be believed while <see cref="CanGoOn"/>.</summary>
    public BlockType Type => _head.Type;

    /// <summary>Bytes that the last block says it holds once it is unpacked.</summary>
    public long PayloadLength => _head.PayloadLength;

    /// <summary>The head of the last block held and all its bytes were there: whatever is wrong with them, the next block begins where it should.</summary>
    public bool CanGoOn { get; private set; }

    /// <summary>Bytes read so far.</summary>
    public long Position => _position;

    /// <summary>The next block's payload; valid until the next call.</summary>
    public ReadOnlySpan<byte> Next(out BlockType type) => Unpack(NextStored(out type));

    /// <summary>The next block as it is stored, its checksum verified; valid until the next call.</summary>
    public ReadOnlySpan<byte> NextStored(out BlockType type)
    {
        _blockPosition = _position;
        CanGoOn = false;
        Span<byte> encoded = stackalloc byte[BlockHead.Length];
        Fill(encoded);
        if (!BlockHead.TryRead(encoded, out _head, out var headChecksum) || !_head.IsPlausible)
            throw new CannotContinueException($"'{fileName}' is damaged at byte {_blockPosition}: the head of block {Blocks + 1} does not hold", words.Remedy);
        Blocks++;
        if (!_expansion.TryAdd(in _head, _position + _head.StoredLength))
            throw Damaged("claims to hold more than a file of this length can");
        var stored = Grow(ref _stored, (int)_head.StoredLength);
        Fill(stored);
        CanGoOn = true;
        type = _head.Type;
        // The end block holds the chain of all blocks before it.
        if (type != BlockType.End)
            Chain = Checksum.Chain(Chain, headChecksum);
        return Checksum.Of(stored) == _head.StoredChecksum ? stored : throw Damaged("fails its checksum");
    }

    /// <param name="stored">From <see cref="NextStored"/>.</param>
    /// <returns>The payload; valid until the next call.</returns>
    public ReadOnlySpan<byte> Unpack(ReadOnlySpan<byte> stored) => _head.IsCompressed ? Decompress(stored, Grow(ref _payload, (int)_head.PayloadLength)) : stored;

    /// <summary>The same into a buffer of the caller's, which grows where it is too small; returns the payload's length.</summary>
    public int UnpackInto(ReadOnlySpan<byte> stored, ref byte[] payload)
    {
        var length = (int)_head.PayloadLength;
        var room = Grow(ref payload, length);
        if (_head.IsCompressed)
            Decompress(stored, room);
        else
            stored.CopyTo(room);
        return length;
    }

    public void ExpectEndOfFile()
    {
        if (file.ReadByte() >= 0)
            throw new CannotContinueException($"'{fileName}' is damaged at byte {_position}: bytes follow the end of the {words.Kind}", words.Remedy);
    }

    /// <summary>To throw when the block just read is not what it should be; <paramref name="what"/> is a clause.</summary>
    public CannotContinueException Damaged(string what) => Place.Damaged(what);

    /// <summary>Of the block that was asked for last.</summary>
    public BlockPlace Place => new(fileName, _blockPosition, Blocks, NameOf(_head.Type), words.Remedy);

    public void Dispose() => _decompressor.Dispose();

    private Span<byte> Decompress(ReadOnlySpan<byte> stored, Span<byte> payload)
    {
        try
        {
            if (_decompressor.Unwrap(stored, payload) == payload.Length)
                return payload;
        }
        catch (ZstdException)
        {
            // Falls through: the same line whether the frame is broken or of another length than the head says.
        }
        throw Damaged("cannot be decompressed");
    }

    private void Fill(Span<byte> span)
    {
        var read = file.ReadAtLeast(span, span.Length, throwOnEndOfStream: false);
        _position += read;
        if (read < span.Length)
            throw new CutShortException($"'{fileName}' ends early, at byte {_position}: it was cut short, or hognose was killed while it wrote", words.Remedy);
    }

    private static string NameOf(BlockType type) => Enum.IsDefined(type) ? type.ToString().ToLowerInvariant() : "unknown";

    private static Span<byte> Grow(ref byte[] buffer, int length)
    {
        if (buffer.Length < length)
            buffer = new byte[Math.Max(length, BlockFormat.UsualPayload)];
        return buffer.AsSpan(0, length);
    }
}

/// <summary>Where a block stands, for whoever finds it damaged.</summary>
/// <param name="Number">From 1.</param>
internal readonly record struct BlockPlace(string FileName, long Position, int Number, string Kind, string Remedy)
{
    /// <param name="what">A clause.</param>
    public CannotContinueException Damaged(string what) => new($"'{FileName}' is damaged at byte {Position}: block {Number} ({Kind}) {what}", Remedy);
}

/// <summary>The file ends where a block should begin or go on.</summary>
internal sealed class CutShortException(string problem, string remedy) : CannotContinueException(problem, remedy);
