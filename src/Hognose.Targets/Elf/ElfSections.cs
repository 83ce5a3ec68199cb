using System.Buffers.Binary;
using System.Text;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Elf;

/// <summary>
/// Section headers, which no loader maps: they are read from the file, given as memory that begins at address 0
/// (<see cref="MappedFile"/>). <c>TryFind</c> returns the address as linked; the image's load bias comes on top.
/// </summary>
public static class ElfSections
{
    private const int HeaderSize = 64;
    private const int MaximalSections = 1 << 16;

    public static bool TryFind(IMemoryReader file, string name, out ulong linkedAddress, out ulong size)
    {
        var found = TryFind(file, name, out var section);
        (linkedAddress, size) = (section.Address, section.Size);
        return found;
    }

    internal static bool TryFind(IMemoryReader file, string name, out ElfSection found)
    {
        found = default;
        Span<byte> bytes = stackalloc byte[ElfHeader.Size];
        if (!file.TryRead(TargetAddress.Null, bytes)
            || !ElfHeader.TryParse(bytes, out var header)
            || !header.IsSupported
            || header.SectionHeaderSize != HeaderSize
            || !TryReadSection(file, header, header.SectionNamesIndex, out var names))
            return false;
        var wanted = Encoding.UTF8.GetBytes(name + '\0');
        for (var i = 1; i < Math.Min(header.SectionHeaderCount, MaximalSections); i++)
        {
            if (!TryReadSection(file, header, i, out var section))
                return false;
            if (section.Name >= names.Size || !IsNamed(file, unchecked(names.Offset + section.Name), wanted))
                continue;
            found = section;
            return true;
        }
        return false;
    }

    private static bool IsNamed(IMemoryReader file, ulong offset, ReadOnlySpan<byte> wanted)
    {
        Span<byte> found = stackalloc byte[wanted.Length];
        return file.TryRead(new TargetAddress(offset), found) && found.SequenceEqual(wanted);
    }

    private static bool TryReadSection(IMemoryReader file, ElfHeader header, int index, out ElfSection section)
    {
        section = default;
        Span<byte> bytes = stackalloc byte[HeaderSize];
        var address = new TargetAddress(unchecked(header.SectionHeaderOffset + (ulong)(index * HeaderSize)));
        if (index < 0 || index >= header.SectionHeaderCount || !file.TryRead(address, bytes))
            return false;
        section = new ElfSection(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]));
        return true;
    }
}
