namespace Hognose.Agent.Unwinding;

/// <summary>Numbers of DWARF from a buffer; beyond its end all are 0.</summary>
internal unsafe struct ByteReader
{
    private const int BitsPerByte = 7;

    public byte* At;
    public byte* End;
    public bool IsBroken;

    public readonly bool IsAtEnd => At >= End;

    public byte Byte()
    {
        if (At < End)
            return *At++;
        IsBroken = true;
        return 0;
    }

    public uint Two() => Byte() | ((uint)Byte() << 8);

    public uint Four() => Two() | (Two() << 16);

    public void Skip(ulong bytes)
    {
        if (bytes <= (ulong)(End - At))
        {
            At += bytes;
            return;
        }
        At = End;
        IsBroken = true;
    }

    /// <summary>LEB128 (DWARF 5, 7.6).</summary>
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
