namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>What is needed of an entry that is a unit, a function or a call that was inlined.</summary>
internal struct DwarfEntry
{
    public DwarfTag Tag;
    public bool HasChildren;
    public DwarfValue LowPc;
    public DwarfValue HighPc;
    public DwarfValue Ranges;

    /// <summary>The function, of which this is a copy; or that which has its name.</summary>
    public DwarfValue Origin;
    public DwarfValue Name;
    public DwarfValue LinkageName;
    public int CallFile;
    public int CallLine;
    public UnitBases Bases;

    /// <summary>False: the list of entries of this level ends here.</summary>
    /// <exception cref="DwarfException">It is damaged; so is what follows.</exception>
    public static bool TryRead(ref DwarfCursor cursor, DwarfUnit unit, Dictionary<ulong, Abbreviation> abbreviations, out DwarfEntry entry)
    {
        entry = default;
        var code = cursor.Unsigned();
        if (code == 0)
            return false;
        if (!abbreviations.TryGetValue(code, out var abbreviation))
            throw new DwarfException();
        (entry.Tag, entry.HasChildren) = (abbreviation.Tag, abbreviation.HasChildren);
        var isWanted = abbreviation.Tag is DwarfTag.CompileUnit or DwarfTag.Subprogram or DwarfTag.InlinedSubroutine;
        foreach (var (attribute, form, constant) in abbreviation.Attributes)
        {
            var value = DwarfValue.Read(ref cursor, unit, form, constant);
            if (isWanted)
                entry.Store(attribute, value);
        }
        return true;
    }

    private void Store(DwarfAttribute attribute, DwarfValue value)
    {
        switch (attribute)
        {
            case DwarfAttribute.LowPc: LowPc = value; break;
            case DwarfAttribute.HighPc: HighPc = value; break;
            case DwarfAttribute.Ranges: Ranges = value; break;
            case DwarfAttribute.AbstractOrigin or DwarfAttribute.Specification: Origin = value; break;
            case DwarfAttribute.Name: Name = value; break;
            case DwarfAttribute.LinkageName or DwarfAttribute.MipsLinkageName: LinkageName = value; break;
            case DwarfAttribute.CallFile: CallFile = Small(value); break;
            case DwarfAttribute.CallLine: CallLine = Small(value); break;
            case DwarfAttribute.StringOffsetsBase: Bases = Bases with { StringOffsets = value.Number }; break;
            case DwarfAttribute.AddressBase: Bases = Bases with { Addresses = value.Number }; break;
            case DwarfAttribute.RangeListsBase: Bases = Bases with { RangeLists = value.Number }; break;
            case DwarfAttribute.StatementList: Bases = Bases with { StatementList = value.Number }; break;
            default: break;
        }
    }

    private static int Small(DwarfValue value) => value.IsNumber && value.Number <= int.MaxValue ? (int)value.Number : 0;
}
