namespace Hognose.Formats.Lines;

/// <summary>3.10: pairs of (bytes of code, signed lines or -128 for "no line"), Objects/lnotab_notes.txt of 3.10 (PEP 626).</summary>
internal static class LineTable_3_10
{
    private const sbyte NoLine = -128;
    private const int BytesPerInstruction = 2;

    public static int LineAt(ReadOnlySpan<byte> table, int firstLine, int instruction)
    {
        // f_lasti of -1 stands before the first instruction, and is the function's first line.
        if (instruction < 0)
            return firstLine;
        var address = instruction * BytesPerInstruction;
        var line = firstLine;
        var end = 0;
        for (var i = 0; i + 1 < table.Length; i += 2)
        {
            var lines = (sbyte)table[i + 1];
            end += table[i];
            if (lines != NoLine)
                line += lines;
            if (end > address)
                return lines == NoLine ? 0 : line;
        }
        return 0;
    }
}
