using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Symbols;
using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>The sections of one ELF file that types are read from, and its build id.</summary>
internal sealed class ElfSections
{
    /// <summary>A CPython's <c>.debug_info</c> takes 16 MB; one array holds no more than this.</summary>
    private const int Largest = 1 << 30;

    private ElfSections(string path, DwarfSections sections) => (Path, Sections) = (path, sections);

    public string Path { get; }

    /// <summary>Hexadecimal GNU build-id, or null.</summary>
    public string? BuildId { get; private init; }

    public DwarfSections Sections { get; }

    public bool HasDebugInfo => Sections.Info.Length > 0;

    public static ElfSections Load(string path)
    {
        if (!MappedFile.TryOpenPath(path, out var file))
            throw new CannotContinueException($"{path} cannot be read", "name a libpython, a python executable or a debug file");
        using (file)
        {
            Span<byte> head = stackalloc byte[ElfHeader.Size];
            if (!file.TryRead(TargetAddress.Null, head) || !ElfHeader.TryParse(head, out var header) || !header.IsSupported)
                throw new CannotContinueException($"{path} is not a 64-bit ELF file", "name a libpython, a python executable or a debug file");
            var id = Targets.Cores.BuildId.Read(file, TargetAddress.Null, isFile: true);
            var sections = SectionTable.Read(file);
            var elf = new ElfSections(path, new DwarfSections(sections, Largest)) { BuildId = id.Length == 0 ? null : id };
            return elf.HasDebugInfo || !sections.Has(".debug_info") ? elf
                : throw new CannotContinueException($".debug_info of {path} cannot be read", "decompress it with objcopy, or name a file that is whole");
        }
    }
}
