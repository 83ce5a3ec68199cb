namespace Hognose.Formats.Lines;

/// <summary>3.8, 3.9: pairs of (bytes of code, signed lines), Objects/lnotab_notes.txt and <c>PyCode_Addr2Line</c>.</summary>
internal static class LineNumberTable_3_8
{
    public static int LineAt(ReadOnlySpan<byte> table, int firstLine, int instruction)
    {
        var line = firstLine;
        var address = 0;
        for (var i = 0; i + 1 < table.Length; i += 2)
        {
            address += table[i];
            if (address > instruction)
                break;
            line += (sbyte)table[i + 1];
        }
        return line;
    }
}
