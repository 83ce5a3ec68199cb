namespace Hognose.LayoutMaker.Tables;

/// <summary>Where a field stands in its struct: bytes; for a bit-field also its lowest bit in the storage unit and its width in bits.</summary>
internal readonly record struct FieldLayout(int Offset, int Width, int Bit = -1, int Bits = 0)
{
    public bool IsBitField => Bit >= 0;
}
