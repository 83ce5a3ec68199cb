namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>The shape that entries share: their tag, whether others stand within them, and which attributes they have in which form.</summary>
/// <param name="Attributes">Constant: the value itself, where the form is <see cref="DwarfForm.ImplicitConst"/>.</param>
internal sealed record Abbreviation(DwarfTag Tag, bool HasChildren, (DwarfAttribute Attribute, DwarfForm Form, long Constant)[] Attributes);

/// <summary>The tables of <c>.debug_abbrev</c> (DWARF 5, 7.5.3), each read when it is first asked for.</summary>
internal sealed class AbbreviationTables(byte[] section)
{
    /// <summary>Of all tables: units may each name a table that begins anywhere within another's. CPython 3.13.0 has 99,080 (readelf).</summary>
    private const int MostAttributes = 4 << 20;

    private readonly Dictionary<ulong, Dictionary<ulong, Abbreviation>> _tables = [];
    private int _attributes;

    /// <exception cref="DwarfException">There is none, or too much was read.</exception>
    public Dictionary<ulong, Abbreviation> At(ulong offset)
    {
        if (_tables.TryGetValue(offset, out var known))
            return known;
        var table = new Dictionary<ulong, Abbreviation>();
        var cursor = new DwarfCursor(section);
        cursor.Seek(offset);
        for (var code = cursor.Unsigned(); code != 0; code = cursor.Unsigned())
            table[code] = Read(ref cursor);
        return _tables[offset] = table;
    }

    private Abbreviation Read(ref DwarfCursor cursor)
    {
        var tag = (DwarfTag)cursor.Unsigned();
        var hasChildren = cursor.Byte() != 0;
        var attributes = new List<(DwarfAttribute, DwarfForm, long)>();
        while (true)
        {
            if (++_attributes > MostAttributes)
                throw new DwarfException();
            var attribute = (DwarfAttribute)cursor.Unsigned();
            var form = (DwarfForm)cursor.Unsigned();
            var constant = form == DwarfForm.ImplicitConst ? cursor.Signed() : 0;
            if (attribute == 0 && form == 0)
                return new Abbreviation(tag, hasChildren, [.. attributes]);
            attributes.Add((attribute, form, constant));
        }
    }
}
