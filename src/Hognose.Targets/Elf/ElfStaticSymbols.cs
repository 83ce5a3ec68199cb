using System.Buffers.Binary;
using System.Text;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Elf;

/// <summary>
/// Variables that a file keeps to itself (<c>static</c> in C): they stand in <c>.symtab</c> alone, which no loader maps and many distributions strip.
/// The file is given as memory that begins at address 0 (<see cref="MappedFile"/>).
/// </summary>
public static class ElfStaticSymbols
{
    private const int SymbolSize = 24;
    private const int TypeMask = 15;
    private const int Variable = 1;                  // STT_OBJECT
    private const ulong MaximalSection = 256 << 20;  // Bytes; a libpython with all its symbols has 2 MiB of names.

    /// <summary>Addresses as linked, by name; the image's load bias comes on top. What is not there is not among them.</summary>
    /// <param name="names">In C. A suffix that link-time optimization gave ("x.lto_priv.0") is passed over.</param>
    public static IReadOnlyDictionary<string, ulong> Find(IMemoryReader file, IReadOnlyList<string> names)
    {
        var found = new Dictionary<string, ulong>(StringComparer.Ordinal);
        if (!TryReadSection(file, ".symtab", out var symbols) || !TryReadSection(file, ".strtab", out var strings))
            return found;
        var wanted = names.Select(name => (name, Encoding.UTF8.GetBytes(name))).ToList();
        for (var at = 0; at + SymbolSize <= symbols.Length; at += SymbolSize)
        {
            var symbol = symbols.AsSpan(at, SymbolSize);
            var name = BinaryPrimitives.ReadUInt32LittleEndian(symbol);
            if ((symbol[4] & TypeMask) != Variable || name >= strings.Length)
                continue;
            foreach (var (text, bytes) in wanted)
                if (IsNamed(strings.AsSpan((int)name), bytes))
                    found.TryAdd(text, BinaryPrimitives.ReadUInt64LittleEndian(symbol[8..]));
        }
        return found;
    }

    private static bool IsNamed(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) =>
        text.StartsWith(name) && text.Length > name.Length && text[name.Length] is 0 or (byte)'.';

    private static bool TryReadSection(IMemoryReader file, string name, out byte[] bytes)
    {
        bytes = [];
        if (!ElfSections.TryFind(file, name, out ElfSection section) || section.Size > MaximalSection)
            return false;
        bytes = new byte[section.Size];
        return file.TryRead(new TargetAddress(section.Offset), bytes);
    }
}
