using System.Buffers.Binary;

namespace Hognose.Targets.Elf;

/// <summary><c>Elf64_Phdr</c>: what the loader is told to map.</summary>
internal readonly record struct ElfSegment(uint Type, ulong Offset, ulong VirtualAddress, ulong FileSize, ulong MemorySize)
{
    public const int Size = 56;
    public const uint Load = 1;
    public const uint Dynamic = 2;

    public static ElfSegment Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]));
}
