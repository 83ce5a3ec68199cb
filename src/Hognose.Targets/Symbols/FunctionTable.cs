using System.Buffers.Binary;

namespace Hognose.Targets.Symbols;

/// <summary>The functions of an ELF file by address, from <c>.symtab</c>, or where that was stripped from <c>.dynsym</c>.</summary>
internal sealed class FunctionTable
{
    private const int EntrySize = 24;
    private const int Largest = 256 << 20;
    private const int Function = 2;
    private const int IndirectFunction = 10;

    private readonly ulong[] _starts;
    private readonly Symbol[] _symbols;
    private readonly byte[] _names;

    private FunctionTable(List<Symbol> symbols, byte[] names)
    {
        // Of names of one place the exported one, then the longest function.
        symbols.Sort(static (one, other) =>
        {
            var byStart = one.Start.CompareTo(other.Start);
            var byBinding = byStart != 0 ? byStart : other.IsGlobal.CompareTo(one.IsGlobal);
            return byBinding != 0 ? byBinding : other.Size.CompareTo(one.Size);
        });
        _symbols = [.. symbols];
        _starts = Array.ConvertAll(_symbols, symbol => symbol.Start);
        _names = names;
    }

    public static FunctionTable Read(SectionTable sections)
    {
        var table = sections.Has(".symtab") ? ".symtab" : ".dynsym";
        var entries = sections.Contents(table, Largest);
        var symbols = new List<Symbol>();
        for (var at = 0; at + EntrySize <= entries.Length; at += EntrySize)
            if (Symbol.Parse(entries.AsSpan(at, EntrySize)) is { Start: > 0, IsDefined: true } symbol && symbol.Kind is Function or IndirectFunction)
                symbols.Add(symbol);
        return new FunctionTable(symbols, sections.LinkedFrom(table, Largest));
    }

    public int Count => _symbols.Length;

    /// <summary>Null: no function that has a name covers the address.</summary>
    public string? NameOf(ulong address)
    {
        var index = Array.BinarySearch(_starts, address);
        if (index < 0)
            index = ~index - 1;
        if (index < 0)
            return null;
        var start = _starts[index];
        while (index > 0 && _starts[index - 1] == start)
            index--;
        for (; index < _starts.Length && _starts[index] == start; index++)
            if (address - start < _symbols[index].Size || _symbols[index].Size == 0)
                return WithoutVersion(SectionTable.TextAt(_names, _symbols[index].Name)) is { Length: > 0 } name ? name : null;
        return null;
    }

    /// <summary>"__libc_start_main@GLIBC_2.2.5": the static linker writes an old version of a function so.</summary>
    private static string WithoutVersion(string name) => name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;

    /// <summary><c>Elf64_Sym</c>.</summary>
    private readonly record struct Symbol(uint Name, int Kind, bool IsGlobal, bool IsDefined, ulong Start, ulong Size)
    {
        public static Symbol Parse(ReadOnlySpan<byte> bytes) => new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            bytes[4] & 0xF,
            bytes[4] >> 4 != 0,
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]) != 0,
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
    }
}
