using System.Text;

namespace Hognose.Formats.Blocks;

/// <summary>Takes numbers and strings out of a payload; nothing in it is believed.</summary>
/// <exception cref="MalformedPayloadException">From every method, when the payload holds something else.</exception>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool IsAtEnd => _at == _bytes.Length;

    public byte Byte()
    {
        if ((uint)_at >= (uint)_bytes.Length)
            throw new MalformedPayloadException("ends within an entry");
        return _bytes[_at++];
    }

    /// <summary>So many at once.</summary>
    public void Bytes(Span<byte> into)
    {
        if (into.Length > _bytes.Length - _at)
            throw new MalformedPayloadException("ends within an entry");
        _bytes.Slice(_at, into.Length).CopyTo(into);
        _at += into.Length;
    }

    /// <summary>A snapshot is a hundred million of them, most of one byte.</summary>
    public ulong Number() => (uint)_at < (uint)_bytes.Length && _bytes[_at] < 0x80 ? _bytes[_at++] : LongNumber();

    private ulong LongNumber()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = Byte();
            if (shift == 63 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new MalformedPayloadException("holds a number of more than 64 bits");
    }

    public long Count()
    {
        var value = Number();
        return value <= long.MaxValue ? (long)value : throw new MalformedPayloadException("holds a number out of range");
    }

    /// <summary>A number below <paramref name="limit"/>.</summary>
    public int Index(int limit)
    {
        var value = Number();
        return value < (ulong)limit ? (int)value : throw new MalformedPayloadException($"names entry {value} of {limit}");
    }

    public int Int32()
    {
        var value = Number();
        return value <= int.MaxValue ? (int)value : throw new MalformedPayloadException("holds a number out of range");
    }

    public string Text() => Encoding.UTF8.GetString(Slice());

    /// <summary>Bytes behind their length.</summary>
    public ReadOnlySpan<byte> Slice()
    {
        var length = Number();
        if (length > (ulong)(_bytes.Length - _at))
            throw new MalformedPayloadException("holds a text longer than itself");
        var slice = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return slice;
    }
}

/// <summary>What is wrong with a payload, as a clause; the reader of the file adds which block and where.</summary>
internal sealed class MalformedPayloadException(string what) : Exception(what);
