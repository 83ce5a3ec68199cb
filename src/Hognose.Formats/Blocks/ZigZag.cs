namespace Hognose.Formats.Blocks;

/// <summary>Signed numbers as unsigned ones, small where the number is near zero: the sign is the lowest bit.</summary>
internal static class ZigZag
{
    public static ulong Encode(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Decode(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
