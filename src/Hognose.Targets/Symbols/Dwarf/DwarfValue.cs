namespace Hognose.Targets.Symbols.Dwarf;

internal enum DwarfValueKind
{
    /// <summary>Bytes that mean something to a debugger only, or that stand in another file.</summary>
    Other,
    Number,

    /// <summary>A number from the begin of a section that the attribute says.</summary>
    Offset,

    /// <summary>Of another entry, from the begin of <c>.debug_info</c>.</summary>
    Reference,
    Address,
    AddressIndex,
    ListIndex,

    /// <summary>A text in <c>.debug_info</c>, at that offset.</summary>
    Text,

    /// <summary>Likewise in <c>.debug_str</c>.</summary>
    StringOffset,

    /// <summary>Likewise in <c>.debug_line_str</c>.</summary>
    LineStringOffset,
    StringIndex,
}

/// <summary>What an attribute says, not yet looked up.</summary>
internal readonly record struct DwarfValue(DwarfValueKind Kind, ulong Number)
{
    public bool IsNumber => Kind is DwarfValueKind.Number or DwarfValueKind.Offset;

    /// <summary>Reads one value of a form (DWARF 5, 7.5.6).</summary>
    /// <exception cref="DwarfException">The section ends within it, or nobody knows the form: what follows cannot be found.</exception>
    public static DwarfValue Read(ref DwarfCursor cursor, DwarfUnit unit, DwarfForm form, long constant)
    {
        // DW_FORM_indirect: the form stands before the value. None stands before another.
        if (form == DwarfForm.Indirect && (form = (DwarfForm)cursor.Unsigned()) is DwarfForm.Indirect or DwarfForm.ImplicitConst)
            throw new DwarfException();
        switch (form)
        {
            case DwarfForm.FlagPresent: return new(DwarfValueKind.Number, 1);
            case DwarfForm.ImplicitConst: return new(DwarfValueKind.Number, (ulong)constant);
            case DwarfForm.Flag or DwarfForm.Data1: return new(DwarfValueKind.Number, cursor.Byte());
            case DwarfForm.Data2: return new(DwarfValueKind.Number, cursor.Two());
            case DwarfForm.Data4: return new(DwarfValueKind.Number, cursor.Four());
            case DwarfForm.Data8: return new(DwarfValueKind.Number, cursor.Eight());
            case DwarfForm.SData: return new(DwarfValueKind.Number, (ulong)cursor.Signed());
            case DwarfForm.UData: return new(DwarfValueKind.Number, cursor.Unsigned());
            case DwarfForm.SecOffset: return new(DwarfValueKind.Offset, cursor.Offset(unit.IsWide));
            case DwarfForm.Addr: return new(DwarfValueKind.Address, cursor.Eight());
            case DwarfForm.AddrX: return new(DwarfValueKind.AddressIndex, cursor.Unsigned());
            case DwarfForm.AddrX1: return new(DwarfValueKind.AddressIndex, cursor.Byte());
            case DwarfForm.AddrX2: return new(DwarfValueKind.AddressIndex, cursor.Two());
            case DwarfForm.AddrX3: return new(DwarfValueKind.AddressIndex, cursor.Three());
            case DwarfForm.AddrX4: return new(DwarfValueKind.AddressIndex, cursor.Four());
            case DwarfForm.RngListX: return new(DwarfValueKind.ListIndex, cursor.Unsigned());
            case DwarfForm.Ref1: return InUnit(unit, cursor.Byte());
            case DwarfForm.Ref2: return InUnit(unit, cursor.Two());
            case DwarfForm.Ref4: return InUnit(unit, cursor.Four());
            case DwarfForm.Ref8: return InUnit(unit, cursor.Eight());
            case DwarfForm.RefUData: return InUnit(unit, cursor.Unsigned());
            // DWARF 2 wrote it as long as an address.
            case DwarfForm.RefAddr: return new(DwarfValueKind.Reference, cursor.Offset(unit.IsWide || unit.Dwarf == 2));
            case DwarfForm.String: return InPlace(ref cursor);
            case DwarfForm.StrP: return new(DwarfValueKind.StringOffset, cursor.Offset(unit.IsWide));
            case DwarfForm.LineStrP: return new(DwarfValueKind.LineStringOffset, cursor.Offset(unit.IsWide));
            case DwarfForm.StrX: return new(DwarfValueKind.StringIndex, cursor.Unsigned());
            case DwarfForm.StrX1: return new(DwarfValueKind.StringIndex, cursor.Byte());
            case DwarfForm.StrX2: return new(DwarfValueKind.StringIndex, cursor.Two());
            case DwarfForm.StrX3: return new(DwarfValueKind.StringIndex, cursor.Three());
            case DwarfForm.StrX4: return new(DwarfValueKind.StringIndex, cursor.Four());
            default: return Skipped(ref cursor, unit, form);
        }
    }

    private static DwarfValue Skipped(ref DwarfCursor cursor, DwarfUnit unit, DwarfForm form)
    {
        cursor.Skip(form switch
        {
            DwarfForm.Data16 => 16,
            DwarfForm.RefSig8 or DwarfForm.RefSup8 => 8,
            DwarfForm.RefSup4 => 4,
            DwarfForm.StrPSup or DwarfForm.GnuRefAlt or DwarfForm.GnuStrPAlt => unit.IsWide ? 8UL : 4UL,
            DwarfForm.Block1 => cursor.Byte(),
            DwarfForm.Block2 => cursor.Two(),
            DwarfForm.Block4 => cursor.Four(),
            DwarfForm.Block or DwarfForm.ExprLoc => cursor.Unsigned(),
            DwarfForm.LocListX => cursor.Unsigned() & 0,
            _ => throw new DwarfException(),
        });
        return default;
    }

    private static DwarfValue InUnit(DwarfUnit unit, ulong offset) => new(DwarfValueKind.Reference, (ulong)unit.Start + offset);

    private static DwarfValue InPlace(ref DwarfCursor cursor)
    {
        var at = cursor.At;
        cursor.SkipText();
        return new(DwarfValueKind.Text, (ulong)at);
    }
}
