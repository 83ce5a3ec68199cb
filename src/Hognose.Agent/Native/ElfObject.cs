using System.Runtime.InteropServices;

namespace Hognose.Agent.Native;

/// <summary><c>struct dl_phdr_info</c> (link.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LoadedObject
{
    public byte* Base;
    public byte* Name;
    public ProgramHeader* Headers;
    public ushort HeaderCount;

    /// <summary>Libraries added since the program began.</summary>
    public ulong Adds;
    public ulong Removals;
}

/// <summary><c>Elf64_Phdr</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProgramHeader
{
    public const uint Load = 1;
    public const uint Dynamic = 2;

    public uint Type;
    public uint Flags;
    public ulong FileOffset;
    public ulong Address;
    public ulong PhysicalAddress;
    public ulong FileSize;
    public ulong Size;
    public ulong Alignment;
}

/// <summary><c>Elf64_Sym</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ElfSymbol
{
    public uint Name;
    public byte Info;
    public byte Other;

    /// <summary>0: defined elsewhere.</summary>
    public ushort Section;
    public ulong Value;
    public ulong Size;
}

/// <summary><c>Elf64_Rela</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ElfRelocation
{
    /// <summary>R_X86_64_64: a pointer in data.</summary>
    public const uint Pointer = 1;

    /// <summary>R_X86_64_GLOB_DAT</summary>
    public const uint GlobalData = 6;

    /// <summary>R_X86_64_JUMP_SLOT</summary>
    public const uint JumpSlot = 7;

    public ulong Place;
    public uint Type;
    public uint Symbol;
    public ulong Addend;
}

/// <summary>The dynamic section of a library in memory: where its symbols, their names and its relocations are.</summary>
internal unsafe struct ElfObject
{
    public byte* Base;
    public byte* Start;
    public byte* End;
    public ElfSymbol* Symbols;
    public byte* Strings;
    public uint* GnuHash;
    public ushort* Versions;
    public ElfRelocation* Relocations;
    public ulong RelocationBytes;
    public ElfRelocation* JumpSlots;
    public ulong JumpSlotBytes;

    private const long StringTable = 5;
    private const long SymbolTable = 6;
    private const long RelocationTable = 7;
    private const long RelocationTableSize = 8;
    private const long JumpSlotTableSize = 2;
    private const long JumpSlotTable = 23;
    private const long GnuHashTable = 0x6FFF_FEF5;
    private const long VersionTable = 0x6FFF_FFF0;

    /// <summary>VERSYM_HIDDEN</summary>
    private const int HiddenVersion = 0x8000;

    /// <summary>False: nothing there that a slot could be in.</summary>
    public static bool TryRead(LoadedObject* loaded, out ElfObject elf)
    {
        elf = default;
        elf.Base = loaded->Base;
        elf.Start = (byte*)nuint.MaxValue;
        long* dynamic = null;
        for (var i = 0; i < loaded->HeaderCount; i++)
        {
            var header = loaded->Headers + i;
            var start = loaded->Base + header->Address;
            if (header->Type == ProgramHeader.Dynamic)
                dynamic = (long*)start;
            if (header->Type != ProgramHeader.Load)
                continue;
            if (start < elf.Start)
                elf.Start = start;
            if (start + header->Size > elf.End)
                elf.End = start + header->Size;
        }
        for (; dynamic != null && *dynamic != 0; dynamic += 2)
            elf.Take(dynamic[0], (ulong)dynamic[1]);
        return elf.Symbols != null && elf.Strings != null;
    }

    public readonly bool Holds(void* address) => address >= Start && address < End;

    /// <summary>Kept for what was linked long ago: glibc has a posix_spawn that runs scripts without a first line, and the one that programs get now.</summary>
    public readonly bool IsOfOldVersion(uint symbol) => Versions != null && (Versions[symbol] & HiddenVersion) != 0;

    private void Take(long tag, ulong value)
    {
        switch (tag)
        {
            case StringTable:
                Strings = At(value);
                break;
            case SymbolTable:
                Symbols = (ElfSymbol*)At(value);
                break;
            case GnuHashTable:
                GnuHash = (uint*)At(value);
                break;
            case VersionTable:
                Versions = (ushort*)At(value);
                break;
            case RelocationTable:
                Relocations = (ElfRelocation*)At(value);
                break;
            case RelocationTableSize:
                RelocationBytes = value;
                break;
            case JumpSlotTable:
                JumpSlots = (ElfRelocation*)At(value);
                break;
            case JumpSlotTableSize:
                JumpSlotBytes = value;
                break;
            default:
                break;
        }
    }

    /// <summary>The loader has made these addresses absolute, but not where the section may not be written (the kernel's own object).</summary>
    private readonly byte* At(ulong value) => value < (ulong)Base ? Base + value : (byte*)value;
}
