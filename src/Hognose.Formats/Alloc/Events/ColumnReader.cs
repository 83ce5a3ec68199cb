using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Events;

/// <summary>Takes the numbers of a column out again; nothing in it is believed.</summary>
internal ref struct ColumnReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool IsAtEnd => _at >= _bytes.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Number()
    {
        if (_at >= _bytes.Length)
            throw TooShort();
        var first = Unsafe.Add(ref MemoryMarshal.GetReference(_bytes), _at);
        if (first >= 0x80)
            return Longer();
        _at++;
        return first;
    }

    public long Count()
    {
        var value = Long();
        return value <= long.MaxValue ? (long)value : throw new MalformedPayloadException("holds a number out of range");
    }

    public ReadOnlySpan<byte> Slice(long length)
    {
        if (length > _bytes.Length - _at)
            throw TooShort();
        var slice = _bytes.Slice(_at, (int)length);
        _at += (int)length;
        return slice;
    }

    public string Rest() => Encoding.UTF8.GetString(Slice(_bytes.Length - _at));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint Longer()
    {
        var value = Long();
        return value <= uint.MaxValue ? (uint)value : throw new MalformedPayloadException("holds a number out of range");
    }

    private ulong Long()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at >= _bytes.Length)
                throw TooShort();
            var part = _bytes[_at++];
            if (shift == 63 && part > 1)
                break;
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new MalformedPayloadException("holds a number of more than 64 bits");
    }

    private static MalformedPayloadException TooShort() => new("ends within an entry");
}
