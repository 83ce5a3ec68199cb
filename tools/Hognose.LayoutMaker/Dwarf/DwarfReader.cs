using Hognose.Diagnostics;
using Hognose.Targets.Symbols.Dwarf;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>
/// Reads the type entries of <c>.debug_info</c> (DWARF 3 to 5) and skips everything else.
/// One linear pass: the 16 MB of a CPython 3.13 take about half a second.
/// </summary>
internal sealed class DwarfReader(ElfSections elf)
{
    private const int OldestVersion = 3;

    private readonly AbbreviationTables _abbreviations = new(elf.Sections.Abbreviations);
    private readonly DwarfLookup _lookup = new(elf.Sections);

    public Dictionary<long, DwarfType> ReadTypes()
    {
        var types = new Dictionary<long, DwarfType>();
        var cursor = new DwarfCursor(elf.Sections.Info);
        try
        {
            while (cursor.Left > 0)
                ReadEntries(HeaderOf(ref cursor), types);
        }
        catch (DwarfException)
        {
            throw new CannotContinueException($"{elf.Path} has DWARF that is damaged or unknown", "rebuild it with -gdwarf-5");
        }
        return types;
    }

    private DwarfUnit HeaderOf(ref DwarfCursor cursor) =>
        DwarfUnit.ReadHeader(ref cursor) is { Dwarf: >= OldestVersion } unit ? unit
            : throw new CannotContinueException($"{elf.Path} uses DWARF of another version or machine", "rebuild it with -gdwarf-5");

    private void ReadEntries(DwarfUnit unit, Dictionary<long, DwarfType> types)
    {
        var abbreviations = _abbreviations.At(unit.Abbreviations);
        var cursor = new DwarfCursor(elf.Sections.Info.AsSpan(0, unit.End)) { At = unit.FirstEntry };
        var parents = new Stack<DwarfType?>();
        var source = "";
        while (cursor.Left > 0)
        {
            var offset = cursor.At;
            var code = cursor.Unsigned();
            if (code == 0)
            {
                if (parents.Count > 0)
                    parents.Pop();
                continue;
            }
            if (!abbreviations.TryGetValue(code, out var abbreviation))
                throw new DwarfException();
            var entry = IsWanted(abbreviation.Tag) ? new DwarfType(abbreviation.Tag, offset, source) : null;
            ReadAttributes(ref cursor, unit, abbreviation, entry);
            if (entry is { Tag: DwarfTag.CompileUnit })
                source = entry.Name ?? "";
            else if (entry is not null)
            {
                types[offset] = entry;
                if (parents.TryPeek(out var parent))
                    parent?.Children.Add(entry);
            }
            if (abbreviation.HasChildren)
                parents.Push(entry);
        }
    }

    private static bool IsWanted(DwarfTag tag) =>
        Enum.IsDefined(tag) && tag is not (DwarfTag.None or DwarfTag.Subprogram or DwarfTag.InlinedSubroutine);

    private void ReadAttributes(ref DwarfCursor cursor, DwarfUnit unit, Abbreviation abbreviation, DwarfType? entry)
    {
        foreach (var (attribute, form, constant) in abbreviation.Attributes)
        {
            var value = DwarfValue.Read(ref cursor, unit, form, constant);
            if (entry is not null)
                Store(entry, unit, attribute, value);
        }
    }

    private void Store(DwarfType entry, DwarfUnit unit, DwarfAttribute attribute, DwarfValue value)
    {
        var number = (long)value.Number;
        switch (attribute)
        {
            case DwarfAttribute.Name: entry.Name = _lookup.Text(unit, value); break;
            case DwarfAttribute.ByteSize: entry.ByteSize = number; break;
            case DwarfAttribute.BitSize: entry.BitSize = number; break;
            case DwarfAttribute.Type: entry.TypeOffset = value.Kind == DwarfValueKind.Reference ? number : DwarfType.Elsewhere; break;
            case DwarfAttribute.DataMemberLocation: entry.MemberOffset = number; break;
            case DwarfAttribute.DataBitOffset: entry.BitOffset = number; break;
            case DwarfAttribute.BitOffsetFromTop: entry.BitOffsetFromTop = number; break;
            case DwarfAttribute.Declaration: entry.IsDeclaration = true; break;
            case DwarfAttribute.UpperBound when value.IsNumber: entry.Count = number + 1; break;
            case DwarfAttribute.Count when value.IsNumber: entry.Count = number; break;
        }
    }
}
