using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hognose.Agent;

/// <summary>Literals as C strings: a u8 literal is constant data that ends with a zero byte beyond its length.</summary>
internal static unsafe class Text
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* C(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));

    /// <returns>Where the text ends, at its zero.</returns>
    public static byte* Append(byte* to, byte* text)
    {
        while ((*to = *text++) != 0)
            to++;
        return to;
    }

    /// <inheritdoc cref="Append(byte*, byte*)"/>
    public static byte* Append(byte* to, ulong number)
    {
        var digits = 1;
        for (var rest = number / 10; rest > 0; rest /= 10)
            digits++;
        for (var place = digits; place > 0; place--, number /= 10)
            to[place - 1] = (byte)('0' + (number % 10));
        to[digits] = 0;
        return to + digits;
    }

    public static bool StartsWith(byte* text, byte* prefix)
    {
        for (; *prefix != 0; text++, prefix++)
            if (*text != *prefix)
                return false;
        return true;
    }

    public static bool IsSame(byte* text, byte* other)
    {
        for (; *text == *other; text++, other++)
            if (*text == 0)
                return true;
        return false;
    }
}
