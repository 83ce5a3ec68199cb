namespace Hognose.Agent.Unwinding;

/// <summary>What descriptions of functions have in common (CIE): factors, how their addresses are written, the first instructions.</summary>
internal unsafe struct CommonEntry
{
    public ulong CodeFactor;
    public long DataFactor;
    public byte Encoding;
    public byte HasAugmentation;
    public byte* Program;
    public byte* End;

    /// <param name="at">Behind length and id.</param>
    /// <param name="end">Of the entry.</param>
    /// <param name="entry">Is filled.</param>
    public static bool TryParse(byte* at, byte* end, CommonEntry* entry)
    {
        const byte version1 = 1;
        const byte version3 = 3;
        var reader = new ByteReader { At = at, End = end };
        var version = reader.Byte();
        var augmentation = reader.At;
        while (reader.Byte() != 0)
        {
        }
        entry->CodeFactor = reader.Unsigned();
        entry->DataFactor = reader.Signed();
        var returnAddress = version == version1 ? reader.Byte() : reader.Unsigned();
        entry->Encoding = 0;
        entry->HasAugmentation = *augmentation == (byte)'z' ? (byte)1 : (byte)0;
        if (version is not (version1 or version3) || reader.IsBroken || returnAddress != FrameState.ReturnAddress)
            return false;
        if (entry->HasAugmentation != 0 && !TakeAugmentation(&reader, augmentation + 1, entry))
            return false;
        entry->Program = reader.At;
        entry->End = end;
        return !reader.IsBroken && (entry->HasAugmentation != 0 || *augmentation == 0);
    }

    private static bool TakeAugmentation(ByteReader* reader, byte* letters, CommonEntry* entry)
    {
        var length = reader->Unsigned();
        var start = reader->At;
        for (; *letters != 0; letters++)
        {
            if (*letters == (byte)'R')
                entry->Encoding = reader->Byte();
            else if (*letters == (byte)'L')
                reader->Byte();
            else if (*letters == (byte)'P')
                reader->Skip(FrameTable.PointerBytes(reader->Byte()));
            else if (*letters is not ((byte)'S' or (byte)'B'))
                return false;
        }
        reader->At = start;
        reader->Skip(length);
        return !reader->IsBroken;
    }
}
