using System.Buffers.Binary;

namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>From what attributes say to texts, addresses and ranges of addresses.</summary>
internal sealed class DwarfLookup(DwarfSections sections)
{
    private const int AddressSize = 8;

    /// <summary>Of lists in all: entries may share one that is as long as the section. A step takes a byte of it at least, and CPython 3.13.0's is 717 kB.</summary>
    private const int MostSteps = 16 << 20;

    private int _steps;

    /// <summary>Null: in another file, or nowhere.</summary>
    public string? Text(DwarfUnit unit, DwarfValue value) => value.Kind switch
    {
        DwarfValueKind.Text => SectionTable.TextAt(sections.Info, value.Number),
        DwarfValueKind.StringOffset => SectionTable.TextAt(sections.Strings, value.Number),
        DwarfValueKind.LineStringOffset => SectionTable.TextAt(sections.LineStrings, value.Number),
        DwarfValueKind.StringIndex => SectionTable.TextAt(sections.Strings, OffsetAt(sections.StringOffsets, unit.Bases.StringOffsets, value.Number, unit.IsWide)),
        _ => null,
    };

    /// <summary>0: none.</summary>
    public ulong Address(DwarfUnit unit, DwarfValue value) => value.Kind switch
    {
        DwarfValueKind.Address => value.Number,
        DwarfValueKind.AddressIndex => NumberedAddress(unit, value.Number),
        _ => 0,
    };

    /// <summary>The addresses of an entry: from a first one up to an end, or a list of such (DWARF 5, 2.17).</summary>
    /// <param name="most">Of ranges in all; there may be one list for many entries.</param>
    public void AddRanges(DwarfUnit unit, DwarfValue low, DwarfValue high, DwarfValue list, List<AddressRange> ranges, int most)
    {
        if (list.IsNumber || list.Kind == DwarfValueKind.ListIndex)
        {
            if (unit.Dwarf >= 5)
                AddList(unit, list.Kind == DwarfValueKind.ListIndex ? NumberedList(unit, list.Number) : list.Number, ranges, most);
            else
                AddPairs(unit, list.Number, ranges, most);
            return;
        }
        var start = Address(unit, low);
        Add(ranges, most, start, high.IsNumber ? start + high.Number : Address(unit, high));
    }

    /// <summary><c>.debug_ranges</c> (DWARF 4, 2.17.3): pairs, counted from the unit's first address or from what a pair that begins with the largest number says.</summary>
    private void AddPairs(DwarfUnit unit, ulong offset, List<AddressRange> ranges, int most)
    {
        var cursor = new DwarfCursor(sections.Ranges);
        cursor.Seek(offset);
        for (var from = unit.Bases.LowPc; ranges.Count < most;)
        {
            CountStep();
            var (start, end) = (cursor.Eight(), cursor.Eight());
            if (start == 0 && end == 0)
                return;
            if (start == ulong.MaxValue)
                from = end;
            else
                Add(ranges, most, from + start, from + end);
        }
    }

    /// <summary><c>.debug_rnglists</c> (DWARF 5, 7.25).</summary>
    private void AddList(DwarfUnit unit, ulong offset, List<AddressRange> ranges, int most)
    {
        var cursor = new DwarfCursor(sections.RangeLists);
        cursor.Seek(offset);
        for (var from = unit.Bases.LowPc; ranges.Count < most;)
        {
            CountStep();
            ulong start;
            switch (cursor.Byte())
            {
                case 0: // end_of_list
                    return;
                case 1: // base_addressx
                    from = NumberedAddress(unit, cursor.Unsigned());
                    break;
                case 2: // startx_endx
                    start = NumberedAddress(unit, cursor.Unsigned());
                    Add(ranges, most, start, NumberedAddress(unit, cursor.Unsigned()));
                    break;
                case 3: // startx_length
                    start = NumberedAddress(unit, cursor.Unsigned());
                    Add(ranges, most, start, start + cursor.Unsigned());
                    break;
                case 4: // offset_pair
                    start = from + cursor.Unsigned();
                    Add(ranges, most, start, from + cursor.Unsigned());
                    break;
                case 5: // base_address
                    from = cursor.Eight();
                    break;
                case 6: // start_end
                    start = cursor.Eight();
                    Add(ranges, most, start, cursor.Eight());
                    break;
                case 7: // start_length
                    start = cursor.Eight();
                    Add(ranges, most, start, start + cursor.Unsigned());
                    break;
                default:
                    throw new DwarfException();
            }
        }
    }

    private void CountStep()
    {
        if (_steps == MostSteps)
            throw new DwarfException();
        _steps++;
    }

    /// <summary>What the linker threw away begins at 0 or at the largest number.</summary>
    private static void Add(List<AddressRange> ranges, int most, ulong start, ulong end)
    {
        if (start != 0 && start < end && ranges.Count < most)
            ranges.Add(new AddressRange(start, end));
    }

    private ulong NumberedAddress(DwarfUnit unit, ulong index)
    {
        var at = unit.Bases.Addresses + (index * AddressSize);
        return index < (ulong)sections.Addresses.Length && at <= (ulong)sections.Addresses.Length - AddressSize && sections.Addresses.Length >= AddressSize
            ? BinaryPrimitives.ReadUInt64LittleEndian(sections.Addresses.AsSpan((int)at))
            : 0;
    }

    private ulong NumberedList(DwarfUnit unit, ulong index) => unit.Bases.RangeLists + OffsetAt(sections.RangeLists, unit.Bases.RangeLists, index, unit.IsWide);

    /// <exception cref="DwarfException">It lies outside.</exception>
    private static ulong OffsetAt(byte[] section, ulong start, ulong index, bool isWide)
    {
        if (index >= (ulong)section.Length || start >= (ulong)section.Length)
            throw new DwarfException();
        var cursor = new DwarfCursor(section);
        cursor.Seek(start + (index * (isWide ? 8UL : 4UL)));
        return cursor.Offset(isWide);
    }
}

/// <summary>Addresses as the file has them, without the end.</summary>
internal readonly record struct AddressRange(ulong Start, ulong End);
