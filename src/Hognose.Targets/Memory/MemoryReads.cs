using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Hognose.Targets.Memory;

/// <summary>Typed reads over any <see cref="IMemoryReader"/>. Little-endian, as every target we accept.</summary>
public static class MemoryReads
{
    [SkipLocalsInit]
    public static bool TryRead<T>(this IMemoryReader memory, TargetAddress address, out T value)
        where T : unmanaged
    {
        value = default;
        return memory.TryRead(address, MemoryMarshal.AsBytes(new Span<T>(ref value)));
    }

    public static bool TryReadAddress(this IMemoryReader memory, TargetAddress address, out TargetAddress value)
    {
        var read = memory.TryRead(address, out ulong word);
        value = new TargetAddress(word);
        return read;
    }

    /// <summary>A zero-terminated string of at most <paramref name="limit"/> bytes; false when no terminator is found within it.</summary>
    public static bool TryReadText(this IMemoryReader memory, TargetAddress address, int limit, out string text)
    {
        const int step = 64;
        Span<byte> piece = stackalloc byte[step];
        var bytes = new List<byte>();
        text = "";
        while (bytes.Count < limit)
        {
            // Reads stop at multiples of the step: a string at the end of a mapping must not need the page behind it.
            var length = step - (int)(address.Value % step);
            if (!memory.TryRead(address, piece[..length]))
                return false;
            var end = piece[..length].IndexOf((byte)0);
            bytes.AddRange(piece[..(end < 0 ? length : end)]);
            if (end >= 0)
            {
                text = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(bytes));
                return bytes.Count <= limit;
            }
            address += length;
        }
        return false;
    }
}
