using System.Runtime.CompilerServices;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Walk;

/// <summary>Single words of the frozen target. Absent memory reads as zero, which every caller takes for "nothing there".</summary>
internal static unsafe class TargetWords
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong U64(this FrozenMemory memory, ulong address)
    {
        var at = memory.Translate(address, 8);
        return at == null ? 0 : Unsafe.ReadUnaligned<ulong>(at);
    }

    public static long I64(this FrozenMemory memory, ulong address) => (long)memory.U64(address);

    public static uint U32(this FrozenMemory memory, ulong address)
    {
        var at = memory.Translate(address, 4);
        return at == null ? 0 : Unsafe.ReadUnaligned<uint>(at);
    }

    public static byte U8(this FrozenMemory memory, ulong address)
    {
        var at = memory.Translate(address, 1);
        return at == null ? (byte)0 : *at;
    }

    /// <summary>The word of <paramref name="object"/> at a field's offset; zero where the layout has no such field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Field(byte* @object, int offset) => offset < 0 ? 0 : *(ulong*)(@object + offset);

    /// <summary>The absolute value, also of the number that has none.</summary>
    public static long Magnitude(long value) => value == long.MinValue ? long.MaxValue : Math.Abs(value);

    /// <summary>Bytes in front of a NUL, as far as <paramref name="limit"/>.</summary>
    public static int LengthOf(this FrozenMemory memory, ulong address, int limit)
    {
        var length = 0;
        while (length < limit && memory.U8(address + (ulong)length) != 0)
            length++;
        return length;
    }

    /// <summary>A NUL-terminated string, cut at <paramref name="limit"/> bytes; null where the memory is absent or empty.</summary>
    public static string? CString(this FrozenMemory memory, ulong address, int limit)
    {
        var length = memory.LengthOf(address, limit);
        var bytes = memory.Translate(address, (ulong)length);
        return bytes == null || length == 0 ? null : System.Text.Encoding.UTF8.GetString(bytes, length);
    }
}
