namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>Goes through the line number programs of <c>.debug_line</c> (DWARF 5, 6.2). One that is damaged is left at the damage; the next has its own length.</summary>
internal sealed class LineProgramReader(byte[] lines, byte[] lineStrings, byte[] strings, List<(ulong Start, LineTable.Row Row)> rows, int mostRows)
{
    private const uint SixtyFourBit = 0xFFFF_FFFF;
    private const int MostFiles = 1 << 20;

    private readonly Dictionary<string, int> _fileIds = new(StringComparer.Ordinal);

    public List<string> Files { get; } = [];

    /// <summary>By the place of a program in the section: from its numbers of files to <see cref="Files"/>.</summary>
    public Dictionary<ulong, List<int>> FilesOfProgram { get; } = [];

    public void ReadAll()
    {
        for (var at = 0; at + 4 <= lines.Length;)
        {
            var head = new DwarfCursor(lines.AsSpan(at));
            var length = (ulong)head.Four();
            var isWide = length == SixtyFourBit;
            if (isWide && head.Left < 8)
                return;
            length = isWide ? head.Eight() : length;
            if (length > (ulong)head.Left || length == 0)
                return;
            try
            {
                ReadOne(lines.AsSpan(at + head.At, (int)length), isWide, (ulong)at);
            }
            catch (DwarfException)
            {
                // What was read of it counts.
            }
            at += head.At + (int)length;
        }
    }

    private void ReadOne(ReadOnlySpan<byte> unit, bool isWide, ulong place)
    {
        var reader = new DwarfCursor(unit);
        var program = new LineProgram { Dwarf = reader.Two() };
        if (program.Dwarf is < 2 or > 5)
            return;
        if (program.Dwarf == 5)
            _ = reader.Two(); // Sizes of addresses and selectors.
        var headerLength = isWide ? reader.Eight() : reader.Four();
        if (headerLength > (ulong)reader.Left)
            return;
        var start = reader.At + (int)headerLength;
        program.InstructionLength = reader.Byte();
        if (program.Dwarf >= 4)
            _ = reader.Byte(); // Operations of an instruction of a VLIW machine.
        _ = reader.Byte(); // Whether lines are statements.
        program.LineBase = (sbyte)reader.Byte();
        program.LineRange = reader.Byte();
        program.OpcodeBase = reader.Byte();
        program.OperandCounts = reader.Take((ulong)Math.Max(0, program.OpcodeBase - 1)).ToArray();
        program.Files = program.Dwarf == 5 ? FilesOf5(ref reader, isWide) : FilesOf4(ref reader);
        FilesOfProgram[place] = program.Files;
        reader.At = start;
        if (program.LineRange > 0)
            Run(ref reader, program);
    }

    private List<int> FilesOf4(ref DwarfCursor reader)
    {
        var folders = new List<string> { "" };
        while (reader.Text() is { Length: > 0 } folder && folders.Count < MostFiles)
            folders.Add(folder);
        var files = new List<int> { FileId("") };
        while (reader.Text() is { Length: > 0 } name && files.Count < MostFiles)
        {
            var folder = reader.Unsigned();
            _ = reader.Unsigned();
            _ = reader.Unsigned();
            files.Add(FileId(folder < (ulong)folders.Count ? Join(folders[(int)folder], name) : name));
        }
        return files;
    }

    private List<int> FilesOf5(ref DwarfCursor reader, bool isWide)
    {
        var folders = Entries(ref reader, isWide).ConvertAll(static each => each.Name);
        for (var i = 1; i < folders.Count; i++)
            folders[i] = Join(folders[0], folders[i]);
        return Entries(ref reader, isWide).ConvertAll(each => FileId(each.Folder < (ulong)folders.Count ? Join(folders[(int)each.Folder], each.Name) : each.Name));
    }

    /// <summary>Names of folders or files, in the format that they bring along.</summary>
    private List<(string Name, ulong Folder)> Entries(ref DwarfCursor reader, bool isWide)
    {
        const ulong path = 1;
        const ulong folderIndex = 2;
        var formats = new (ulong Content, ulong Form)[reader.Byte()];
        for (var i = 0; i < formats.Length; i++)
            formats[i] = (reader.Unsigned(), reader.Unsigned());
        var count = reader.Unsigned();
        var entries = new List<(string, ulong)>();
        if (formats.Length == 0 || count > MostFiles)
            return entries;
        for (ulong i = 0; i < count; i++)
        {
            var (name, folder) = ("", 0UL);
            foreach (var (content, form) in formats)
            {
                var (text, number) = Value(ref reader, form, isWide);
                name = content == path ? text : name;
                folder = content == folderIndex ? number : folder;
            }
            entries.Add((name, folder));
        }
        return entries;
    }

    /// <summary>DW_FORM_… (DWARF 5, 7.5.6), those that line tables may have.</summary>
    private (string Text, ulong Number) Value(ref DwarfCursor reader, ulong form, bool isWide)
    {
        switch (form)
        {
            case 0x08: // string
                return (reader.Text(), 0);
            case 0x1F: // line_strp
                return (SectionTable.TextAt(lineStrings, isWide ? reader.Eight() : reader.Four()), 0);
            case 0x0E: // strp
                return (SectionTable.TextAt(strings, isWide ? reader.Eight() : reader.Four()), 0);
            case 0x0B: // data1
                return ("", reader.Byte());
            case 0x05: // data2
                return ("", reader.Two());
            case 0x06: // data4
                return ("", reader.Four());
            case 0x07: // data8
                return ("", reader.Eight());
            case 0x0F: // udata
                return ("", reader.Unsigned());
            case 0x1E: // data16
                _ = reader.Take(16);
                return ("", 0);
            case 0x09: // block
                _ = reader.Take(reader.Unsigned());
                return ("", 0);
            default:
                throw new DwarfException();
        }
    }

    private void Run(ref DwarfCursor reader, LineProgram program)
    {
        var state = LineState.Initial;
        while (reader.Left > 0 && rows.Count < mostRows)
        {
            var opcode = reader.Byte();
            if (opcode >= program.OpcodeBase)
            {
                var adjusted = opcode - program.OpcodeBase;
                state.Address += (ulong)(adjusted / program.LineRange) * program.InstructionLength;
                state.Line += program.LineBase + (adjusted % program.LineRange);
                Add(state, program);
            }
            else if (opcode == 0)
            {
                RunExtended(ref reader, ref state);
            }
            else
            {
                RunStandard(ref reader, opcode, ref state, program);
            }
        }
    }

    private void RunExtended(ref DwarfCursor reader, ref LineState state)
    {
        const byte endSequence = 1;
        const byte setAddress = 2;
        var length = reader.Unsigned();
        if (length == 0)
            return;
        var operands = new DwarfCursor(reader.Take(length));
        switch (operands.Byte())
        {
            case endSequence:
                rows.Add((state.Address, new LineTable.Row(-1, 0)));
                state = LineState.Initial;
                break;
            case setAddress:
                state.Address = operands.Eight();
                break;
            default:
                break;
        }
    }

    private void RunStandard(ref DwarfCursor reader, byte opcode, ref LineState state, LineProgram program)
    {
        switch (opcode)
        {
            case 1: // copy
                Add(state, program);
                break;
            case 2: // advance_pc
                state.Address += reader.Unsigned() * program.InstructionLength;
                break;
            case 3: // advance_line
                state.Line += (int)reader.Signed();
                break;
            case 4: // set_file
                state.File = reader.Unsigned();
                break;
            case 8: // const_add_pc
                state.Address += (ulong)((255 - program.OpcodeBase) / program.LineRange) * program.InstructionLength;
                break;
            case 9: // fixed_advance_pc
                state.Address += reader.Two();
                break;
            default:
                for (var i = 0; i < program.OperandCounts[opcode - 1]; i++)
                    _ = reader.Unsigned();
                break;
        }
    }

    private void Add(LineState state, LineProgram program)
    {
        if (state.File < (ulong)program.Files.Count)
            rows.Add((state.Address, new LineTable.Row(program.Files[(int)state.File], state.Line)));
    }

    private int FileId(string path)
    {
        if (_fileIds.TryGetValue(path, out var id))
            return id;
        Files.Add(path);
        return _fileIds[path] = Files.Count - 1;
    }

    private static string Join(string folder, string name) => name.StartsWith('/') || folder.Length == 0 ? name : $"{folder}/{name}";

    private sealed class LineProgram
    {
        /// <summary>Of the standard by which it is written, 2 to 5.</summary>
        public int Dwarf { get; init; }

        public byte InstructionLength { get; set; }

        public int LineBase { get; set; }

        public byte LineRange { get; set; }

        public byte OpcodeBase { get; set; }

        public byte[] OperandCounts { get; set; } = [];

        public List<int> Files { get; set; } = [];
    }

    private struct LineState
    {
        public ulong Address;
        public ulong File;
        public int Line;

        public static LineState Initial => new() { File = 1, Line = 1 };
    }
}
