namespace Hognose.Formats.Lines;

/// <summary>From an instruction to its line, by one of CPython's encodings of the table.</summary>
/// <param name="table">co_lnotab or co_linetable.</param>
/// <param name="firstLine">co_firstlineno.</param>
/// <param name="instruction">As <see cref="Ring.StackNode.Instruction"/> keeps it.</param>
/// <returns>The line; 0 when the table has none for this instruction.</returns>
public delegate int LineReader(ReadOnlySpan<byte> table, int firstLine, int instruction);

/// <summary>The one place that knows which version of CPython keeps lines in which way.</summary>
public static class LineTables
{
    private const int MinorShift = 16;

    /// <summary>By the first version served, newest first.</summary>
    private static readonly (uint Since, LineReader Reader)[] Readers =
    [
        (Version(3, 11), LocationTable_3_11.LineAt),
        (Version(3, 10), LineTable_3_10.LineAt),
        (Version(3, 8), LineNumberTable_3_8.LineAt),
    ];

    /// <param name="versionHex">PY_VERSION_HEX.</param>
    public static LineReader For(uint versionHex)
    {
        foreach (var (since, reader) in Readers)
            if (versionHex >= since)
                return reader;
        return static (_, _, _) => 0;
    }

    private static uint Version(uint major, uint minor) => (major << 24) | (minor << MinorShift);
}
