using System.Text;

namespace Hognose.Reports.Pprof;

/// <summary>
/// Encodes one message of Protocol Buffers: fields as they are added. What pprof's eight messages need, numbers, texts and messages within, fits on this
/// page.
/// </summary>
internal sealed class ProtobufMessage
{
    private const int Varint = 0;
    private const int LengthDelimited = 2;

    private byte[] _bytes = new byte[64];
    private int _length;

    public ReadOnlySpan<byte> Encoded => _bytes.AsSpan(0, _length);

    public void Clear() => _length = 0;

    /// <summary>0 is what a missing field says, and is left out.</summary>
    public ProtobufMessage Number(int field, long value)
    {
        if (value == 0)
            return this;
        Raw(Key(field, Varint));
        Raw((ulong)value);
        return this;
    }

    public ProtobufMessage Numbers(int field, IEnumerable<long> values)
    {
        var packed = new ProtobufMessage();
        foreach (var value in values)
            packed.Raw((ulong)value);
        return Message(field, packed);
    }

    public ProtobufMessage Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text)); // A lone surrogate becomes U+FFFD: protobuf's texts are UTF-8.

    public ProtobufMessage Message(int field, ProtobufMessage message) => Bytes(field, message.Encoded);

    private static ulong Key(int field, int wireType) => (ulong)((field << 3) | wireType);

    private ProtobufMessage Bytes(int field, ReadOnlySpan<byte> bytes)
    {
        Raw(Key(field, LengthDelimited));
        Raw((ulong)bytes.Length);
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
        return this;
    }

    private void Raw(ulong value)
    {
        const int longest = 10;
        Reserve(longest);
        for (; value > 0x7F; value >>= 7)
            _bytes[_length++] = (byte)(value | 0x80);
        _bytes[_length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _length < count)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
    }
}
