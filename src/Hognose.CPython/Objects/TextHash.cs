using System.Runtime.CompilerServices;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary>
/// Hashes of contents: equal strings have equal hashes, and unequal ones among a hundred million by a chance of one in thousands (64 bits). Not for
/// hostile strings: two that were made to collide count as equal.
/// </summary>
internal sealed unsafe class TextHash(WalkContext context)
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    private readonly int _state = context.Layout.PyASCIIObject.state;
    private readonly int _length = context.Layout.PyASCIIObject.length;
    private readonly int _data = context.Layout.PyUnicodeObject.data;
    private readonly int _asciiSize = context.Layout.PyASCIIObject.Size;
    private readonly int _compactSize = context.Layout.PyCompactUnicodeObject.Size;
    private readonly int _size = context.Layout.PyVarObject.ob_size;
    private readonly int _bytes = context.Layout.PyBytesObject.ob_sval;

    /// <returns>0 where the characters cannot be read.</returns>
    public ulong OfText(byte* at, ulong address)
    {
        var state = new TextState(*(uint*)(at + _state));
        var kind = state.Kind;
        if (kind is not (1 or 2 or 4))
            return 0;
        var data = !state.IsCompact ? context.Memory.U64(address + (ulong)_data) : address + (ulong)(state.IsAscii ? _asciiSize : _compactSize);
        return Of(data, *(long*)(at + _length), kind);
    }

    /// <returns>0 where the bytes cannot be read.</returns>
    public ulong OfBytes(byte* at, ulong address) => Of(address + (ulong)_bytes, *(long*)(at + _size), 1);

    private ulong Of(ulong address, long count, int itemSize)
    {
        var hash = Mix((ulong)count * 8 + (ulong)itemSize);
        if (count == 0)
            return hash;
        var items = context.Items(address, count, itemSize);
        if (items == null)
            return 0;
        var left = count * itemSize;
        for (; left >= 8; items += 8, left -= 8)
            hash = Mix(hash ^ Unsafe.ReadUnaligned<ulong>(items));
        ulong last = 0;
        for (var i = 0; i < left; i++)
            last |= (ulong)items[i] << (i * 8);
        return Mix(hash ^ last) | 1;
    }

    /// <summary>The finalizer of SplitMix64 (G. Steele and others, Fast Splittable Pseudorandom Number Generators, 2014): a bijection.</summary>
    private static ulong Mix(ulong word)
    {
        word += Multiplier;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EB;
        return word ^ (word >> 31);
    }
}
