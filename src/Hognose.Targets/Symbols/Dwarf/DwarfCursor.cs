using System.Buffers.Binary;

namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>The section ends within what it should hold, or says what nobody knows.</summary>
internal sealed class DwarfException : Exception;

/// <summary>Numbers of DWARF from bytes that may be anything.</summary>
internal ref struct DwarfCursor(ReadOnlySpan<byte> bytes)
{
    private const int BitsPerByte = 7;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; set; }

    public readonly int Left => _bytes.Length - At;

    public byte Byte() => Take(1)[0];

    public ushort Two() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint Four() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong Eight() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)Left)
            throw new DwarfException();
        var taken = _bytes.Slice(At, (int)length);
        At += (int)length;
        return taken;
    }

    public void Skip(ulong length) => Take(length);

    public uint Three() => Two() | ((uint)Byte() << 16);

    /// <summary>From the begin of a section.</summary>
    public ulong Offset(bool isWide) => isWide ? Eight() : Four();

    public void Seek(ulong offset)
    {
        if (offset > (ulong)_bytes.Length)
            throw new DwarfException();
        At = (int)offset;
    }

    public void SkipText()
    {
        var length = _bytes[At..].IndexOf((byte)0);
        if (length < 0)
            throw new DwarfException();
        At += length + 1;
    }

    public string Text()
    {
        var start = At;
        SkipText();
        return SectionTable.TextAt(_bytes, (ulong)start);
    }

    public ulong Unsigned()
    {
        ulong number = 0;
        for (var shift = 0; ; shift += BitsPerByte)
        {
            var next = Byte();
            if (shift < 64)
                number |= (ulong)(next & 0x7F) << shift;
            if ((next & 0x80) == 0)
                return number;
        }
    }

    public long Signed()
    {
        long number = 0;
        for (var shift = 0; ;)
        {
            var next = Byte();
            if (shift < 64)
                number |= (long)(next & 0x7F) << shift;
            shift += BitsPerByte;
            if ((next & 0x80) == 0)
                return shift < 64 && (next & 0x40) != 0 ? number | (-1L << shift) : number;
        }
    }
}
