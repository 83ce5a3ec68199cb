using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Hognose.Formats.Blocks;

/// <summary>Takes numbers and strings out of a payload; nothing in it is believed.</summary>
/// <exception cref="MalformedPayloadException">From every method, when the payload holds something else.</exception>
internal ref struct PayloadReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Of the next byte.</summary>
    public readonly int Position => _at;

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

    /// <summary>So many at once, by eight bytes at a time: a snapshot's column costs a third of what it costs one by one.</summary>
    public void Numbers(scoped Span<ulong> into)
    {
        const ulong lastBytes = 0x8080808080808080;
        ref var start = ref MemoryMarshal.GetReference(_bytes);
        var at = _at;
        var next = 0;
        while (next < into.Length && _bytes.Length - at >= sizeof(ulong))
        {
            var word = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, at));
            var ends = ~word & lastBytes;
            if (ends == 0)
            {
                _at = at;
                into[next++] = LongNumber();
                at = _at;
                continue;
            }
            var bits = BitOperations.TrailingZeroCount(ends) + 1;
            into[next++] = bits == 8 ? word & 0x7F : Joined(word & (ulong.MaxValue >> (64 - bits)));
            at += bits >> 3;
        }
        _at = at;
        for (; next < into.Length; next++)
            into[next] = Number();
    }

    /// <summary>The lower seven bits of each byte, one behind the other.</summary>
    private static ulong Joined(ulong bytes)
    {
        bytes = (bytes & 0x007F007F007F007F) | ((bytes & 0x7F007F007F007F00) >> 1);
        bytes = (bytes & 0x00003FFF00003FFF) | ((bytes & 0x3FFF00003FFF0000) >> 2);
        return (bytes & 0x000000000FFFFFFF) | ((bytes & 0x0FFFFFFF00000000) >> 4);
    }

    /// <summary>A moment that is told by its distance from the former one.</summary>
    public long MomentAfter(long former)
    {
        var step = Count();
        return step <= long.MaxValue - former ? former + step : throw new MalformedPayloadException("names a time that does not exist");
    }

    public long Count()
    {
        if ((uint)_at < (uint)_bytes.Length && _bytes[_at] < 0x80)
            return _bytes[_at++];
        var value = LongNumber();
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

    /// <summary>So many numbers below <paramref name="limit"/> at once: sixteen of one byte each, which nearly all are, cost what one does.</summary>
    public void Indices(Span<int> into, int limit)
    {
        var most = (byte)Math.Min(limit, 0x80);
        while (into.Length >= Vector128<byte>.Count && _bytes.Length - _at >= Vector128<byte>.Count)
        {
            var run = into[..Vector128<byte>.Count];
            into = into[Vector128<byte>.Count..];
            var bytes = Vector128.Create(_bytes.Slice(_at, Vector128<byte>.Count));
            if (Vector128.LessThanAll(bytes, Vector128.Create(most)))
            {
                Widen(bytes, run);
                _at += Vector128<byte>.Count;
                continue;
            }
            LongIndices(run, limit);
        }
        LongIndices(into, limit);
    }

    /// <summary>At most sixteen.</summary>
    private void LongIndices(Span<int> into, int limit)
    {
        Span<ulong> numbers = stackalloc ulong[Vector128<byte>.Count];
        Numbers(numbers[..into.Length]);
        for (var i = 0; i < into.Length; i++)
            into[i] = numbers[i] < (ulong)limit ? (int)numbers[i] : throw new MalformedPayloadException($"names entry {numbers[i]} of {limit}");
    }

    private static void Widen(Vector128<byte> bytes, Span<int> into)
    {
        var (low, high) = Vector128.Widen(bytes);
        var (first, second) = Vector128.Widen(low);
        var (third, fourth) = Vector128.Widen(high);
        first.AsInt32().CopyTo(into);
        second.AsInt32().CopyTo(into[4..]);
        third.AsInt32().CopyTo(into[8..]);
        fourth.AsInt32().CopyTo(into[12..]);
    }

    /// <summary>Goes on behind so many numbers.</summary>
    public void Skip(int numbers)
    {
        while (numbers >= Vector128<byte>.Count && _bytes.Length - _at >= Vector128<byte>.Count)
        {
            var more = Vector128.Create(_bytes.Slice(_at, Vector128<byte>.Count)).ExtractMostSignificantBits();
            numbers -= Vector128<byte>.Count - BitOperations.PopCount(more);
            _at += Vector128<byte>.Count;
        }
        // One that began among the last sixteen bytes has not been counted: what is left of it is a number, too.
        for (; numbers > 0; numbers--)
            _ = Number();
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
