using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hognose.Formats.Alloc.Events;

/// <summary>A column under way: numbers in LEB128, in an array that grows where it must.</summary>
internal sealed class EventColumn
{
    private const int First = 64 * 1024;
    private const int LongestNumber = 10;

    private byte[] _bytes = new byte[First];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Number(uint value)
    {
        if (_bytes.Length - Length < LongestNumber)
            Grow(LongestNumber);
        ref var to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_bytes), Length);
        if (value < 1u << 7)
        {
            to = (byte)value;
            Length += 1;
        }
        else if (value < 1u << 14)
        {
            Unsafe.WriteUnaligned(ref to, (ushort)((value & 127) | 128 | ((value >> 7) << 8)));
            Length += 2;
        }
        else
            Long(value);
    }

    public void Long(ulong value)
    {
        if (_bytes.Length - Length < LongestNumber)
            Grow(LongestNumber);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }
        _bytes[Length++] = (byte)value;
    }

    public void Raw(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - Length < bytes.Length)
            Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Grow(int room) => Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + room));
}
