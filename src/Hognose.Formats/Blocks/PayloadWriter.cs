using System.Text;

namespace Hognose.Formats.Blocks;

/// <summary>Numbers and strings in the order a <see cref="PayloadReader"/> takes them out again.</summary>
internal sealed class PayloadWriter
{
    private const int LongestNumber = 10;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private byte[] _bytes = new byte[BlockFormat.UsualPayload + (BlockFormat.UsualPayload / 4)];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Byte(byte value) => Room(1)[Length++] = value;

    /// <summary>LEB128: seven bits a byte, the lowest first; the top bit says that more follow. A snapshot is a hundred million of them.</summary>
    public void Number(ulong value)
    {
        var bytes = Room(LongestNumber);
        var length = Length;
        while (value >= 0x80)
        {
            bytes[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        bytes[length++] = (byte)value;
        Length = length;
    }

    /// <summary>Many at once.</summary>
    public void Numbers(ReadOnlySpan<ulong> values)
    {
        var room = Room(values.Length * LongestNumber).AsSpan(Length);
        var length = 0;
        foreach (var value in values)
        {
            var left = value;
            for (; left >= 0x80; left >>= 7)
                room[length++] = (byte)(left | 0x80);
            room[length++] = (byte)left;
        }
        Length += length;
    }

    /// <exception cref="ArgumentOutOfRangeException">Negative: a caller's mistake, the format has no such number.</exception>
    public void Count(long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        Number((ulong)value);
    }

    /// <summary>UTF-8 behind its length. A lone surrogate, which Python's surrogateescape makes of odd file names, becomes U+FFFD.</summary>
    public void Text(string text)
    {
        var cut = text.AsSpan(0, Math.Min(text.Length, BlockFormat.MaximumCharacters));
        var length = Utf8.GetByteCount(cut);
        Count(length);
        Length += Utf8.GetBytes(cut, Room(length).AsSpan(Length));
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length).AsSpan(Length));
        Length += bytes.Length;
    }

    private byte[] Room(int length)
    {
        if (_bytes.Length - Length < length)
            Array.Resize(ref _bytes, Math.Max(Length + length, _bytes.Length * 2));
        return _bytes;
    }
}
