namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>
/// The functions that a compiler put into their callers, from <c>.debug_info</c> (DWARF 2 to 5). The units' first entries are read at once; all of a unit when an address of
/// it is first asked for: of the 16 MB that a CPython brings along most is never looked at.
/// </summary>
internal sealed class DebugInfo
{
    /// <summary>As many bytes of a section: more would take longer to read than a program may be kept waiting.</summary>
    private const int Largest = 128 << 20;
    private const int MostUnits = 1 << 18;
    private const int MostRanges = 1 << 20;

    /// <summary>A copy names its original, a definition its declaration: two are usual.</summary>
    private const int MostOrigins = 8;

    private readonly DwarfSections _sections;
    private readonly AbbreviationTables _abbreviations;
    private readonly DwarfLookup _lookup;
    private readonly List<DwarfUnit> _units = [];
    private readonly List<(AddressRange Range, DwarfUnit Unit)> _ranges = [];
    private readonly Dictionary<DwarfUnit, InlinedCalls> _callsOfUnit = [];
    private readonly Dictionary<ulong, string?> _functions = [];

    private DebugInfo(SectionTable sections)
    {
        _sections = new DwarfSections(sections, Largest);
        _abbreviations = new AbbreviationTables(_sections.Abbreviations);
        _lookup = new DwarfLookup(_sections);
        ReadUnits();
        _ranges.Sort(static (one, other) => one.Range.Start.CompareTo(other.Range.Start));
    }

    /// <summary>Null: there is none.</summary>
    public static DebugInfo? TryRead(SectionTable sections) => sections.Has(".debug_info") ? new DebugInfo(sections) : null;

    /// <summary>The calls whose code an address is a part of, the innermost first; empty when it is its function's own, and when one has no name.</summary>
    public IReadOnlyList<InlinedCall> CallsAt(ulong address)
    {
        if (UnitAt(address) is not { } unit)
            return [];
        var calls = new List<InlinedCall>();
        foreach (var found in CallsOf(unit).At(address))
        {
            if (FunctionOf(found.Origin) is not { } function)
                return [];
            calls.Add(new InlinedCall(function, unit.Bases.StatementList, found.File, found.Line));
        }
        return calls;
    }

    private void ReadUnits()
    {
        var cursor = new DwarfCursor(_sections.Info);
        try
        {
            while (cursor.Left > 0 && _units.Count < MostUnits)
                if (DwarfUnit.ReadHeader(ref cursor) is { } unit)
                    Add(unit);
        }
        catch (DwarfException)
        {
            // What was read until here counts.
        }
    }

    private void Add(DwarfUnit unit)
    {
        _units.Add(unit);
        try
        {
            if (!TryReadAt(unit, (ulong)unit.FirstEntry, out var entry))
                return;
            unit.Bases = entry.Bases;
            unit.Bases = entry.Bases with { LowPc = _lookup.Address(unit, entry.LowPc) };
            var ranges = new List<AddressRange>();
            _lookup.AddRanges(unit, entry.LowPc, entry.HighPc, entry.Ranges, ranges, MostRanges - _ranges.Count);
            _ranges.AddRange(ranges.Select(range => (range, unit)));
        }
        catch (DwarfException)
        {
            // Its functions are not found; the next unit has its own length.
        }
    }

    private bool TryReadAt(DwarfUnit unit, ulong offset, out DwarfEntry entry)
    {
        var cursor = new DwarfCursor(_sections.Info.AsSpan(0, unit.End));
        cursor.Seek(offset);
        return DwarfEntry.TryRead(ref cursor, unit, _abbreviations.At(unit.Abbreviations), out entry);
    }

    private DwarfUnit? UnitAt(ulong address)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Range.Start <= address)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && address < _ranges[low - 1].Range.End ? _ranges[low - 1].Unit : null;
    }

    private InlinedCalls CallsOf(DwarfUnit unit)
    {
        if (_callsOfUnit.TryGetValue(unit, out var known))
            return known;
        var calls = new InlinedCalls();
        try
        {
            var cursor = new DwarfCursor(_sections.Info.AsSpan(0, unit.End)) { At = unit.FirstEntry };
            calls.Read(ref cursor, unit, _abbreviations.At(unit.Abbreviations), _lookup);
        }
        catch (DwarfException)
        {
            // What was read until here counts.
        }
        return _callsOfUnit[unit] = calls;
    }

    /// <summary>The name by which the linker knows it, else as its source has it; null when another file has it.</summary>
    private string? FunctionOf(ulong offset)
    {
        if (_functions.TryGetValue(offset, out var known))
            return known;
        string? name = null;
        try
        {
            name = NameFrom(offset);
        }
        catch (DwarfException)
        {
            // It has none then.
        }
        return _functions[offset] = name;
    }

    private string? NameFrom(ulong offset)
    {
        string? plain = null;
        for (var step = 0; step < MostOrigins; step++)
        {
            if (UnitOf(offset) is not { } unit || !TryReadAt(unit, offset, out var entry))
                return plain;
            if (_lookup.Text(unit, entry.LinkageName) is { Length: > 0 } linkage)
                return linkage;
            plain ??= _lookup.Text(unit, entry.Name) is { Length: > 0 } name ? name : null;
            if (entry.Origin.Kind != DwarfValueKind.Reference)
                return plain;
            offset = entry.Origin.Number;
        }
        return plain;
    }

    private DwarfUnit? UnitOf(ulong offset)
    {
        var (low, high) = (0, _units.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((ulong)_units[middle].Start <= offset)
                low = middle + 1;
            else
                high = middle;
        }
        return low > 0 && offset >= (ulong)_units[low - 1].FirstEntry && offset < (ulong)_units[low - 1].End ? _units[low - 1] : null;
    }
}

/// <summary>A function's copy within another.</summary>
/// <param name="Function">As the linker knows it.</param>
/// <param name="StatementList">The part of <c>.debug_line</c> that knows the file.</param>
/// <param name="File">Of the call; a number in that part.</param>
/// <param name="Line">Of the call; 0: not known.</param>
internal readonly record struct InlinedCall(string Function, ulong StatementList, int File, int Line);
