using Hognose.Diagnostics;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Targets.Symbols;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>The sections of one ELF file that types are read from, and its build id.</summary>
internal sealed class ElfSections
{
    /// <summary>A CPython's <c>.debug_info</c> takes 16 MB; one array holds no more than this.</summary>
    private const int Largest = 1 << 30;

    private static readonly string[] Names = [".debug_info", ".debug_abbrev", ".debug_str", ".debug_line_str"];

    private readonly Dictionary<string, byte[]> _sections = new(StringComparer.Ordinal);

    private ElfSections(string path) => Path = path;

    public string Path { get; }

    /// <summary>Hexadecimal GNU build-id, or null.</summary>
    public string? BuildId { get; private init; }

    public byte[] this[string name] => _sections.GetValueOrDefault(name, []);

    public bool HasDebugInfo => _sections.ContainsKey(".debug_info");

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
            var elf = new ElfSections(path) { BuildId = id.Length == 0 ? null : id };
            elf.Take(SectionTable.Read(file));
            return elf;
        }
    }

    private void Take(SectionTable sections)
    {
        foreach (var name in Names.Where(sections.Has))
            _sections[name] = sections.Contents(name, Largest) is { Length: > 0 } bytes ? bytes
                : throw new CannotContinueException($"{name} of {Path} cannot be read", "decompress it with objcopy, or name a file that is whole");
    }
}
