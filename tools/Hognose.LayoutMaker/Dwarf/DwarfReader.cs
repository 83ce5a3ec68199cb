using Hognose.Diagnostics;
using Hognose.Targets.Symbols;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>
/// Reads the type entries of <c>.debug_info</c> (DWARF 3 to 5, 32-bit format) and skips everything else.
/// One linear pass: the 16 MB of a CPython 3.13 take about half a second.
/// </summary>
internal sealed class DwarfReader(ElfSections elf)
{
    private readonly byte[] _info = elf[".debug_info"];
    private readonly byte[] _abbreviations = elf[".debug_abbrev"];
    private readonly byte[] _strings = elf[".debug_str"];
    private readonly byte[] _lineStrings = elf[".debug_line_str"];
    private readonly Dictionary<long, Dictionary<ulong, Abbreviation>> _tables = [];

    public Dictionary<long, DwarfType> ReadTypes()
    {
        var types = new Dictionary<long, DwarfType>();
        var next = 0;
        while (next < _info.Length)
            next = ReadUnit(next, types);
        return types;
    }

    private int ReadUnit(int start, Dictionary<long, DwarfType> types)
    {
        var cursor = new DwarfCursor(_info) { At = start };
        var length = cursor.Four();
        if (length >= 0xFFFFFFF0)
            throw new CannotContinueException($"{elf.Path} uses 64-bit DWARF", "rebuild it without -gdwarf64");
        var end = checked(cursor.At + (int)length);
        var version = cursor.Two();
        if (version is < 3 or > 5)
            throw new CannotContinueException($"{elf.Path} uses DWARF {version}", "rebuild it with -gdwarf-5");
        var abbreviationOffset = ReadUnitHeader(ref cursor, version);
        ReadEntries(ref cursor, new Unit(start, end, version, AbbreviationsAt(abbreviationOffset)), types);
        return end;
    }

    private static uint ReadUnitHeader(ref DwarfCursor cursor, int version)
    {
        if (version < 5)
        {
            var offset = cursor.Four();
            _ = cursor.Byte(); // address size
            return offset;
        }
        var kind = cursor.Byte();
        _ = cursor.Byte();
        var abbreviations = cursor.Four();
        const byte type = 2, skeleton = 4, splitCompile = 5, splitType = 6;
        cursor.Skip(kind switch { skeleton or splitCompile => 8UL, type or splitType => 12UL, _ => 0UL });
        return abbreviations;
    }

    private void ReadEntries(ref DwarfCursor cursor, Unit unit, Dictionary<long, DwarfType> types)
    {
        var parents = new Stack<DwarfType?>();
        while (cursor.At < unit.End)
        {
            var offset = cursor.At;
            var code = cursor.Unsigned();
            if (code == 0)
            {
                if (parents.Count > 0)
                    parents.Pop();
                continue;
            }
            var abbreviation = unit.Abbreviations[code];
            var entry = IsWanted(abbreviation.Tag) ? new DwarfType(abbreviation.Tag, offset, unit.Name) : null;
            ReadAttributes(ref cursor, unit, abbreviation, entry);
            if (entry is { Tag: DwarfTag.CompileUnit })
                unit.Name = entry.Name ?? "";
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

    private static bool IsWanted(DwarfTag tag) => Enum.IsDefined(tag) && tag != DwarfTag.None;

    private void ReadAttributes(ref DwarfCursor cursor, Unit unit, Abbreviation abbreviation, DwarfType? entry)
    {
        foreach (var (attribute, form, constant) in abbreviation.Attributes)
        {
            var isText = attribute == DwarfAttribute.Name && entry is not null;
            var value = ReadForm(ref cursor, unit, form, constant, isText, out var text);
            if (entry is not null)
                Store(entry, attribute, form, value, text);
        }
    }

    private static void Store(DwarfType entry, DwarfAttribute attribute, DwarfForm form, long value, string? text)
    {
        switch (attribute)
        {
            case DwarfAttribute.Name: entry.Name = text; break;
            case DwarfAttribute.ByteSize: entry.ByteSize = value; break;
            case DwarfAttribute.BitSize: entry.BitSize = value; break;
            case DwarfAttribute.Type: entry.TypeOffset = value; break;
            case DwarfAttribute.DataMemberLocation: entry.MemberOffset = value; break;
            case DwarfAttribute.DataBitOffset: entry.BitOffset = value; break;
            case DwarfAttribute.BitOffsetFromTop: entry.BitOffsetFromTop = value; break;
            case DwarfAttribute.Declaration: entry.IsDeclaration = true; break;
            case DwarfAttribute.UpperBound when form != DwarfForm.ExprLoc: entry.Count = value + 1; break;
            case DwarfAttribute.Count when form != DwarfForm.ExprLoc: entry.Count = value; break;
        }
    }

    private long ReadForm(ref DwarfCursor cursor, Unit unit, DwarfForm form, long constant, bool isText, out string? text)
    {
        text = null;
        switch (form)
        {
            case DwarfForm.FlagPresent: return 1;
            case DwarfForm.ImplicitConst: return constant;
            case DwarfForm.Flag or DwarfForm.Data1 or DwarfForm.StrX1 or DwarfForm.AddrX1: return cursor.Byte();
            case DwarfForm.Data2 or DwarfForm.StrX2 or DwarfForm.AddrX2: return cursor.Two();
            case DwarfForm.StrX3 or DwarfForm.AddrX3: cursor.Skip(3); return 0;
            case DwarfForm.Data4 or DwarfForm.SecOffset or DwarfForm.StrX4 or DwarfForm.AddrX4: return cursor.Four();
            case DwarfForm.Data8 or DwarfForm.Addr or DwarfForm.RefSig8 or DwarfForm.RefSup8: return (long)cursor.Eight();
            case DwarfForm.Data16: cursor.Skip(16); return 0;
            case DwarfForm.SData: return cursor.Signed();
            case DwarfForm.UData or DwarfForm.StrX or DwarfForm.AddrX or DwarfForm.LocListX or DwarfForm.RngListX: return (long)cursor.Unsigned();
            case DwarfForm.RefAddr: return cursor.Four();
            case DwarfForm.Ref1: return unit.Start + cursor.Byte();
            case DwarfForm.Ref2: return unit.Start + cursor.Two();
            case DwarfForm.Ref4: return unit.Start + cursor.Four();
            case DwarfForm.Ref8: return unit.Start + (long)cursor.Eight();
            case DwarfForm.RefUData: return unit.Start + (long)cursor.Unsigned();
            case DwarfForm.GnuRefAlt or DwarfForm.RefSup4 or DwarfForm.StrPSup or DwarfForm.GnuStrPAlt: cursor.Skip(4); return -1;
            case DwarfForm.String: text = cursor.Text(); return 0;
            case DwarfForm.StrP: text = TextAt(_strings, cursor.Four(), isText); return 0;
            case DwarfForm.LineStrP: text = TextAt(_lineStrings, cursor.Four(), isText); return 0;
            case DwarfForm.Block1: cursor.Skip(cursor.Byte()); return 0;
            case DwarfForm.Block2: cursor.Skip(cursor.Two()); return 0;
            case DwarfForm.Block4: cursor.Skip(cursor.Four()); return 0;
            case DwarfForm.Block or DwarfForm.ExprLoc: cursor.Skip(cursor.Unsigned()); return 0;
            case DwarfForm.Indirect: return ReadForm(ref cursor, unit, (DwarfForm)cursor.Unsigned(), constant, isText, out text);
            default: throw new CannotContinueException($"{elf.Path} uses the unknown DWARF form 0x{(int)form:x}", "teach DwarfReader its length");
        }
    }

    private static string? TextAt(byte[] section, uint offset, bool isWanted) =>
        isWanted ? SectionTable.TextAt(section, offset) : null;

    private Dictionary<ulong, Abbreviation> AbbreviationsAt(long offset)
    {
        if (_tables.TryGetValue(offset, out var known))
            return known;
        var table = new Dictionary<ulong, Abbreviation>();
        var cursor = new DwarfCursor(_abbreviations) { At = checked((int)offset) };
        for (var code = cursor.Unsigned(); code != 0; code = cursor.Unsigned())
            table[code] = ReadAbbreviation(ref cursor);
        return _tables[offset] = table;
    }

    private static Abbreviation ReadAbbreviation(ref DwarfCursor cursor)
    {
        var tag = (DwarfTag)cursor.Unsigned();
        var hasChildren = cursor.Byte() != 0;
        var attributes = new List<(DwarfAttribute, DwarfForm, long)>();
        while (true)
        {
            var attribute = (DwarfAttribute)cursor.Unsigned();
            var form = (DwarfForm)cursor.Unsigned();
            var constant = form == DwarfForm.ImplicitConst ? cursor.Signed() : 0;
            if (attribute == 0 && form == 0)
                return new Abbreviation(tag, hasChildren, [.. attributes]);
            attributes.Add((attribute, form, constant));
        }
    }

    private sealed record Abbreviation(DwarfTag Tag, bool HasChildren, (DwarfAttribute Attribute, DwarfForm Form, long Constant)[] Attributes);

    private sealed class Unit(int start, int end, int version, Dictionary<ulong, Abbreviation> abbreviations)
    {
        public int Start { get; } = start;

        public int End { get; } = end;

        public int Version { get; } = version;

        public Dictionary<ulong, Abbreviation> Abbreviations { get; } = abbreviations;

        public string Name { get; set; } = "";
    }
}
