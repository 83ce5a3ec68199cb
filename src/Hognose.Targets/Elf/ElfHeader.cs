using System.Buffers.Binary;

namespace Hognose.Targets.Elf;

/// <summary>The ELF header (elf(5), <c>Elf64_Ehdr</c>), decoded from untrusted bytes: only <see cref="TryParse"/> makes one.</summary>
public readonly record struct ElfHeader
{
    /// <summary>Bytes of <c>Elf64_Ehdr</c>.</summary>
    public const int Size = 64;

    public const int MachineX86_64 = 62;

    /// <summary>Linked to one address (<c>ET_EXEC</c>): its load bias is 0.</summary>
    public const int TypeExecutable = 2;

    public const int TypeCore = 4;

    private const int Class64 = 2;
    private const int LittleEndian = 1;

    public bool Is64Bit { get; private init; }

    public int Type { get; private init; }

    public int Machine { get; private init; }

    public ulong ProgramHeaderOffset { get; private init; }

    public int ProgramHeaderSize { get; private init; }

    public int ProgramHeaderCount { get; private init; }

    public ulong SectionHeaderOffset { get; private init; }

    public int SectionHeaderSize { get; private init; }

    public int SectionHeaderCount { get; private init; }

    public int SectionNamesIndex { get; private init; }

    public bool IsSupported => Is64Bit && Machine == MachineX86_64;

    /// <summary>False when the bytes are not an ELF file of our byte order. A 32-bit header gives <see cref="Machine"/> only.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ElfHeader header)
    {
        header = default;
        if (bytes.Length < Size || !bytes.StartsWith("\u007fELF"u8) || bytes[5] != LittleEndian)
            return false;
        header = new ElfHeader { Is64Bit = bytes[4] == Class64, Type = Half(bytes, 16), Machine = Half(bytes, 18) };
        if (!header.Is64Bit)
            return true;
        header = header with
        {
            ProgramHeaderOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[32..]),
            SectionHeaderOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]),
            ProgramHeaderSize = Half(bytes, 54),
            ProgramHeaderCount = Half(bytes, 56),
            SectionHeaderSize = Half(bytes, 58),
            SectionHeaderCount = Half(bytes, 60),
            SectionNamesIndex = Half(bytes, 62),
        };
        return true;
    }

    private static int Half(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);
}
