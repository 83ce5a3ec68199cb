using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hognose.Agent;

/// <summary>Literals as C strings: a u8 literal is constant data that ends with a zero byte beyond its length.</summary>
internal static unsafe class Text
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* C(ReadOnlySpan<byte> literal) => (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));

    public static bool StartsWith(byte* text, byte* prefix)
    {
        for (; *prefix != 0; text++, prefix++)
            if (*text != *prefix)
                return false;
        return true;
    }
}
