namespace Hognose.Targets.Symbols.Dwarf;

/// <summary>Goes through the line number programs of <c>.debug_line</c> (DWARF 5, 6.2). One that is damaged is left at the damage; the next has its own length.</summary>
internal sealed class LineProgramReader(byte[] lines, byte[] lineStrings, byte[] strings, List<(ulong Start, LineTable.Row Row)> rows, int mostRows)
{
    private const uint SixtyFourBit = 0xFFFF_FFFF;

    public LineFiles Files { get; } = new(lines, lineStrings, strings);

    /// <summary>By the place of a program in the section: its part of <see cref="Files"/>.</summary>
    public Dictionary<ulong, Range> FilesOfProgram { get; } = [];

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
                ReadOne(at + head.At, (int)length, isWide, (ulong)at);
            }
            catch (DwarfException)
            {
                // What was read of it counts.
            }
            at += head.At + (int)length;
        }
    }

    private void ReadOne(int begin, int length, bool isWide, ulong place)
    {
        var reader = new DwarfCursor(lines.AsSpan(begin, length));
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
        program.Files = program.Dwarf == 5 ? Files.Read5(ref reader, begin, isWide) : Files.Read4(ref reader, begin);
        FilesOfProgram[place] = program.Files;
        reader.At = start;
        if (program.LineRange > 0)
            Run(ref reader, program);
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
        var first = program.Files.Start.Value;
        if (state.File < (ulong)(program.Files.End.Value - first))
            rows.Add((state.Address, new LineTable.Row(first + (int)state.File, state.Line)));
    }

    private sealed class LineProgram
    {
        /// <summary>Of the standard by which it is written, 2 to 5.</summary>
        public int Dwarf { get; init; }

        public byte InstructionLength { get; set; }

        public int LineBase { get; set; }

        public byte LineRange { get; set; }

        public byte OpcodeBase { get; set; }

        public byte[] OperandCounts { get; set; } = [];

        public Range Files { get; set; }
    }

    private struct LineState
    {
        public ulong Address;
        public ulong File;
        public int Line;

        public static LineState Initial => new() { File = 1, Line = 1 };
    }
}
