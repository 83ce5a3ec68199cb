using System.Buffers.Binary;
using System.Numerics;

namespace Hognose.Formats.Blocks;

/// <summary>CRC-32C (Castagnoli), one instruction for 8 bytes on x86-64: 8 GB/s and no package.</summary>
internal static class Checksum
{
    public static uint Of(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>Carries a running value on over one more number; for the chain of the blocks' checksums.</summary>
    public static uint Chain(uint running, uint next) => BitOperations.Crc32C(running, next);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }
        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
