using System.Buffers.Binary;

namespace Hognose.Targets.Elf;

/// <summary><c>Elf64_Phdr</c>: what the loader is told to map, or what a core holds.</summary>
/// <param name="Flags">1 executable, 2 writable, 4 readable.</param>
internal readonly record struct ElfSegment(uint Type, ulong Offset, ulong VirtualAddress, ulong FileSize, ulong MemorySize, uint Flags)
{
    public const int Size = 56;
    public const uint Load = 1;
    public const uint Dynamic = 2;
    public const uint Note = 4;

    public static ElfSegment Parse(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]));
}
