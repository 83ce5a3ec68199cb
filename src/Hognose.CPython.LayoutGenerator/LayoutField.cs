namespace Hognose.CPython.LayoutGenerator;

/// <summary>Where a field stands: bytes; for a bit-field also its lowest bit and its bits.</summary>
internal readonly record struct LayoutField(int Offset, int Width, int Bit, int Bits)
{
    public bool IsBitField => Bits > 0;
}
