using System.Buffers.Binary;

namespace Hognose.LayoutMaker.Dwarf;

/// <summary>Reads DWARF's primitive encodings forward from one place of a section.</summary>
internal ref struct DwarfCursor(ReadOnlySpan<byte> section, int position)
{
    private readonly ReadOnlySpan<byte> _section = section;

    public int Position { get; set; } = position;

    public byte Byte() => _section[Position++];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public ulong Unsigned()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = Byte();
            value |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0)
                return value;
        }
    }

    public long Signed()
    {
        long value = 0;
        for (var shift = 0; ;)
        {
            var part = Byte();
            value |= (long)(part & 0x7F) << shift;
            shift += 7;
            if ((part & 0x80) != 0)
                continue;
            return shift < 64 && (part & 0x40) != 0 ? value | (-1L << shift) : value;
        }
    }

    /// <summary>A method, because <c>Position += Byte()</c> would read the position before the byte moves it.</summary>
    public void Skip(int length) => Position += length;

    public ReadOnlySpan<byte> Take(int length)
    {
        var taken = _section.Slice(Position, length);
        Position += length;
        return taken;
    }

    public string Text()
    {
        var text = ElfSections.CString(_section[Position..]);
        Position += _section[Position..].IndexOf((byte)0) + 1;
        return text;
    }
}
