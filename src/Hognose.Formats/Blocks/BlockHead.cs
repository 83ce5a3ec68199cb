using System.Buffers.Binary;

namespace Hognose.Formats.Blocks;

/// <summary>
/// Head of a block, 24 bytes, little-endian; the stored bytes follow.
/// <code>
///   0 u32 Type
///   4 u32 StoredLength   bytes that follow this head
///   8 u32 PayloadLength  bytes after decompression
///  12 u32 Flags          bit 0: stored as one zstd frame; the others are zero
///  16 u32 StoredChecksum CRC-32C of the stored bytes
///  20 u32 HeadChecksum   CRC-32C of bytes 0..19: lengths are not believed before it holds
/// </code>
/// </summary>
internal readonly record struct BlockHead(BlockType Type, uint StoredLength, uint PayloadLength, uint Flags, uint StoredChecksum)
{
    public const int Length = 24;
    public const uint CompressedFlag = 1;

    public bool IsCompressed => (Flags & CompressedFlag) != 0;

    /// <summary>Lengths a reader accepts: bounded, and equal when nothing was compressed.</summary>
    public bool IsPlausible =>
        Flags <= CompressedFlag
        && PayloadLength <= BlockFormat.MaximumPayload
        && (IsCompressed ? StoredLength < PayloadLength : StoredLength == PayloadLength);

    /// <summary>Returns the head's checksum.</summary>
    public uint Write(Span<byte> head)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, (uint)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], StoredLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], Flags);
        BinaryPrimitives.WriteUInt32LittleEndian(head[16..], StoredChecksum);
        var checksum = Checksum.Of(head[..20]);
        BinaryPrimitives.WriteUInt32LittleEndian(head[20..], checksum);
        return checksum;
    }

    /// <returns>false: the head is damaged.</returns>
    public static bool TryRead(ReadOnlySpan<byte> head, out BlockHead block, out uint checksum)
    {
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(head[20..]);
        block = new BlockHead(
            (BlockType)BinaryPrimitives.ReadUInt32LittleEndian(head),
            BinaryPrimitives.ReadUInt32LittleEndian(head[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(head[16..]));
        return checksum == Checksum.Of(head[..20]);
    }
}
