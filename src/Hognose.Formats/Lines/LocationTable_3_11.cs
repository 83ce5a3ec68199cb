namespace Hognose.Formats.Lines;

/// <summary>
/// 3.11 on: entries of a code and a length, then what the code says of lines and columns (Objects/locations.md, later
/// InternalDocs/code_objects.md). First byte: <c>1cccclll</c>, c the code, l + 1 the units of code.
/// </summary>
internal static class LocationTable_3_11
{
    private const int BytesPerUnit = 2;
    private const int FirstShort = 0;
    private const int LastShort = 9;
    private const int FirstOneLine = 10;
    private const int LastOneLine = 12;
    private const int NoColumns = 13;
    private const int Long = 14;
    private const int None = 15;

    public static int LineAt(ReadOnlySpan<byte> table, int firstLine, int instruction)
    {
        if (instruction < 0)
            return firstLine;
        var line = firstLine;
        var end = 0;
        for (var at = 0; at < table.Length;)
        {
            var head = table[at++];
            var code = (head >> 3) & 15;
            end += ((head & 7) + 1) * BytesPerUnit;
            line += LineDelta(table, code, ref at);
            if (end > instruction)
                return code == None ? 0 : line;
            SkipColumns(table, code, ref at);
        }
        return 0;
    }

    private static int LineDelta(ReadOnlySpan<byte> table, int code, ref int at) => code switch
    {
        >= FirstOneLine and <= LastOneLine => code - FirstOneLine,
        NoColumns or Long => ReadSigned(table, ref at),
        _ => 0,
    };

    private static void SkipColumns(ReadOnlySpan<byte> table, int code, ref int at)
    {
        switch (code)
        {
            case >= FirstShort and <= LastShort:
                at += 1;
                break;
            case >= FirstOneLine and <= LastOneLine:
                at += 2;
                break;
            case Long:
                for (var field = 0; field < 3; field++)
                    _ = ReadUnsigned(table, ref at);
                break;
            default:
                break;
        }
    }

    /// <summary>Six bits a byte, least significant first; bit 6 says that more follow.</summary>
    private static uint ReadUnsigned(ReadOnlySpan<byte> table, ref int at)
    {
        var value = 0u;
        for (var shift = 0; at < table.Length && shift < 32; shift += 6)
        {
            var next = table[at++];
            value |= (uint)(next & 63) << shift;
            if ((next & 64) == 0)
                break;
        }
        return value;
    }

    private static int ReadSigned(ReadOnlySpan<byte> table, ref int at)
    {
        var value = ReadUnsigned(table, ref at);
        return (value & 1) != 0 ? -(int)(value >> 1) : (int)(value >> 1);
    }
}
