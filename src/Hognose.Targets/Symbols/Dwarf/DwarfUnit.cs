namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>A unit of <c>.debug_info</c>: what was compiled at once, or a part that several units share (DWARF 5, 7.5.1).</summary>
internal sealed class DwarfUnit
{
    private const uint SixtyFourBit = 0xFFFF_FFFF;
    private const int AddressSize = 8;

    /// <summary>Bytes from the begin of the section.</summary>
    public required int Start { get; init; }

    public required int FirstEntry { get; init; }

    public required int End { get; init; }

    /// <summary>Of the standard by which it is written, 2 to 5.</summary>
    public required int Dwarf { get; init; }

    /// <summary>Offsets take eight bytes.</summary>
    public required bool IsWide { get; init; }

    /// <summary>Where its table begins in <c>.debug_abbrev</c>.</summary>
    public required ulong Abbreviations { get; init; }

    /// <summary>What the first entry says for all that follow.</summary>
    public UnitBases Bases { get; set; }

    /// <summary>Goes to the next unit's begin.</summary>
    /// <exception cref="DwarfException">Nothing after this can be found.</exception>
    /// <returns>null: of another version, or for another kind of machine.</returns>
    public static DwarfUnit? ReadHeader(ref DwarfCursor cursor)
    {
        var start = cursor.At;
        ulong length = cursor.Four();
        var isWide = length == SixtyFourBit;
        length = isWide ? cursor.Eight() : length;
        if (length > (ulong)cursor.Left)
            throw new DwarfException();
        var end = cursor.At + (int)length;
        var unit = ReadHeader(ref cursor, start, end, isWide);
        cursor.At = end;
        return unit;
    }

    private static DwarfUnit? ReadHeader(ref DwarfCursor cursor, int start, int end, bool isWide)
    {
        const byte type = 2, skeleton = 4, splitCompile = 5, splitType = 6;
        var dwarf = cursor.Two();
        if (dwarf is < 2 or > 5)
            return null;
        var (kind, addressSize) = dwarf == 5 ? (cursor.Byte(), cursor.Byte()) : default;
        var abbreviations = cursor.Offset(isWide);
        if (dwarf < 5)
            addressSize = cursor.Byte();
        cursor.Skip(kind switch { skeleton or splitCompile => 8UL, type or splitType => isWide ? 16UL : 12UL, _ => 0UL });
        return addressSize != AddressSize || cursor.At > end ? null
            : new DwarfUnit { Start = start, FirstEntry = cursor.At, End = end, Dwarf = dwarf, IsWide = isWide, Abbreviations = abbreviations };
    }
}

/// <summary>Where a unit's numbered strings, addresses and lists are counted from, its first address, and its part of <c>.debug_line</c>.</summary>
internal readonly record struct UnitBases(ulong StringOffsets, ulong Addresses, ulong RangeLists, ulong LowPc, ulong StatementList);
