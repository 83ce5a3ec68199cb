using System.Buffers;
using System.Text;

namespace Hognose.Formats.Blocks;

/// <summary>Numbers and strings in the order a <see cref="PayloadReader"/> takes them out again.</summary>
internal sealed class PayloadWriter
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private readonly ArrayBufferWriter<byte> _bytes = new(BlockFormat.UsualPayload + (BlockFormat.UsualPayload / 4));

    public int Length => _bytes.WrittenCount;

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Clear() => _bytes.ResetWrittenCount();

    public void Byte(byte value)
    {
        _bytes.GetSpan(1)[0] = value;
        _bytes.Advance(1);
    }

    /// <summary>LEB128: seven bits a byte, the lowest first; the top bit says that more follow.</summary>
    public void Number(ulong value)
    {
        var span = _bytes.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        span[length++] = (byte)value;
        _bytes.Advance(length);
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
        _bytes.Advance(Utf8.GetBytes(cut, _bytes.GetSpan(length)));
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);
}
