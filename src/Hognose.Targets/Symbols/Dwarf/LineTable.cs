namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>From an address to a line of source: <c>.debug_line</c> (DWARF 5, 6.2; versions 2 to 5), unpacked into one sorted table.</summary>
internal sealed class LineTable
{
    /// <summary>More would take longer to read than a program may be kept waiting; names of functions do without.</summary>
    private const int Largest = 64 << 20;
    private const int MostRows = 16 << 20;

    private readonly ulong[] _starts;
    private readonly Row[] _rows;
    private readonly LineFiles _files;
    private readonly Dictionary<ulong, Range> _filesOfProgram;

    private LineTable(List<(ulong Start, Row Row)> rows, LineProgramReader reader)
    {
        // A function that the linker threw away has its rows at 0.
        rows.RemoveAll(static each => each.Start == 0);
        var order = new int[rows.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, (one, other) =>
        {
            var byStart = rows[one].Start.CompareTo(rows[other].Start);
            // Where one sequence ends the next may begin; of several rows of one address the last counts.
            var byEnd = byStart != 0 ? byStart : rows[other].Row.IsEnd.CompareTo(rows[one].Row.IsEnd);
            return byEnd != 0 ? byEnd : one.CompareTo(other);
        });
        _starts = Array.ConvertAll(order, index => rows[index].Start);
        _rows = Array.ConvertAll(order, index => rows[index].Row);
        (_files, _filesOfProgram) = (reader.Files, reader.FilesOfProgram);
    }

    internal readonly record struct Row(int File, int Line)
    {
        public bool IsEnd => File < 0;
    }

    /// <summary>Null: there is none, or too much of it.</summary>
    public static LineTable? TryRead(SectionTable sections)
    {
        var lines = sections.Contents(".debug_line", Largest);
        if (lines.Length == 0)
            return null;
        var rows = new List<(ulong, Row)>();
        var reader = new LineProgramReader(lines, sections.Contents(".debug_line_str", Largest), sections.Contents(".debug_str", Largest), rows, MostRows);
        reader.ReadAll();
        reader.Files.Trim();
        return new LineTable(rows, reader);
    }

    /// <summary>By the number that a unit gives it; empty: not known.</summary>
    /// <param name="program">Where the unit's begins in the section.</param>
    public string FileOf(ulong program, int number) =>
        _filesOfProgram.TryGetValue(program, out var files) && number >= 0 && number < files.End.Value - files.Start.Value ? _files.PathOf(files.Start.Value + number) : "";

    public bool TryFind(ulong address, out string file, out int line)
    {
        (file, line) = ("", 0);
        var index = Array.BinarySearch(_starts, address);
        if (index < 0)
            index = ~index - 1;
        while (index >= 0 && index + 1 < _starts.Length && _starts[index + 1] == _starts[index])
            index++;
        if (index < 0 || _rows[index].IsEnd || _rows[index].Line <= 0)
            return false;
        (file, line) = (_files.PathOf(_rows[index].File), _rows[index].Line);
        return file.Length > 0;
    }
}
