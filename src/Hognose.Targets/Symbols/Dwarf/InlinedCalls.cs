namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>All calls of one unit that were inlined, by the addresses of the copies.</summary>
internal sealed class InlinedCalls
{
    private const int NoCall = -1;

    /// <summary>Entries within entries: more is no program's.</summary>
    private const int Deepest = 4096;
    private const int MostRanges = 1 << 21;
    private const int MostCalls = 1 << 20;

    private readonly List<Call> _calls = [];
    private readonly List<(AddressRange Range, int Call)> _ranges = [];

    public void Read(ref DwarfCursor cursor, DwarfUnit unit, Dictionary<ulong, Abbreviation> abbreviations, DwarfLookup lookup)
    {
        // Of each entry that is open: the call that it is a part of.
        var open = new Stack<int>();
        var ranges = new List<AddressRange>();
        while (cursor.Left > 0)
        {
            if (!DwarfEntry.TryRead(ref cursor, unit, abbreviations, out var entry))
            {
                if (!open.TryPop(out _))
                    return;
                continue;
            }
            var outer = open.TryPeek(out var peeked) ? peeked : NoCall;
            var call = entry.Tag switch
            {
                DwarfTag.InlinedSubroutine => Add(entry, outer, unit, lookup, ranges),
                DwarfTag.Subprogram => NoCall,
                _ => outer,
            };
            if (!entry.HasChildren)
                continue;
            if (open.Count == Deepest)
                throw new DwarfException();
            open.Push(call);
        }
    }

    /// <summary>The innermost first.</summary>
    public IEnumerable<Call> At(ulong address)
    {
        // A unit has some thousands; an address is asked for once.
        var innermost = NoCall;
        foreach (var (range, call) in _ranges)
            if (range.Start <= address && address < range.End && (innermost == NoCall || _calls[call].Depth > _calls[innermost].Depth))
                innermost = call;
        for (; innermost != NoCall; innermost = _calls[innermost].Outer)
            yield return _calls[innermost];
    }

    private int Add(in DwarfEntry entry, int outer, DwarfUnit unit, DwarfLookup lookup, List<AddressRange> ranges)
    {
        if (entry.Origin.Kind != DwarfValueKind.Reference || _calls.Count == MostCalls)
            return outer;
        ranges.Clear();
        lookup.AddRanges(unit, entry.LowPc, entry.HighPc, entry.Ranges, ranges, MostRanges - _ranges.Count);
        var call = _calls.Count;
        _calls.Add(new Call(entry.Origin.Number, entry.CallFile, entry.CallLine, outer, outer == NoCall ? 0 : _calls[outer].Depth + 1));
        foreach (var range in ranges)
            _ranges.Add((range, call));
        return call;
    }

    /// <param name="Origin">The function's entry, from the begin of <c>.debug_info</c>.</param>
    /// <param name="Outer">The call within whose copy this one stands.</param>
    internal readonly record struct Call(ulong Origin, int File, int Line, int Outer, int Depth);
}
