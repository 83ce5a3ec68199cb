namespace Hognose.CPython.LayoutGenerator;

/// <summary>What a number says of its field.</summary>
internal enum OffsetKind
{
    Size,
    Offset,
    Shift,
    Bits,
    Width,
}

/// <summary>One number of every table: a struct's size, or something of one of its fields.</summary>
internal readonly record struct OffsetColumn(string Field, OffsetKind Kind)
{
    public string Name => Kind switch
    {
        OffsetKind.Size => "Size",
        OffsetKind.Shift => Field + "_shift",
        OffsetKind.Bits => Field + "_bits",
        OffsetKind.Width => Field + "_width",
        _ => Field,
    };

    /// <summary>-1 where the version lacks the field, or where it is no bit-field there.</summary>
    public int ValueOf(LayoutField? field) => (Kind, field) switch
    {
        (_, null) => -1,
        (OffsetKind.Shift, { IsBitField: true } bits) => bits.Bit,
        (OffsetKind.Bits, { IsBitField: true } bits) => bits.Bits,
        (OffsetKind.Shift or OffsetKind.Bits, _) => -1,
        (OffsetKind.Width, { } scalar) => scalar.Width,
        (_, { } place) => place.Offset,
    };
}
