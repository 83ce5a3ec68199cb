using System.Text;

namespace Hognose.Formats.Blocks;

/// <summary>Takes numbers and strings out of a payload; nothing in it is believed.</summary>
/// <exception cref="MalformedPayloadException">From every method, when the payload holds something else.</exception>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte()
    {
        if (_rest.IsEmpty)
            throw new MalformedPayloadException("ends within an entry");
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Number()
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
        if (length > (ulong)_rest.Length)
            throw new MalformedPayloadException("holds a text longer than itself");
        var slice = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return slice;
    }
}

/// <summary>What is wrong with a payload, as a clause; the reader of the file adds which block and where.</summary>
internal sealed class MalformedPayloadException(string what) : Exception(what);
