using Hognose.Targets.Symbols;
using Hognose.Testing;
using Hognose.Testing.Fuzzing;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>The readers of symbol tables and debug information: whatever a file says, they end, and know something or nothing.</summary>
public sealed class SymbolsFuzzTests : IDisposable
{
    private const long MostBytes = 128 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _library;
    private readonly ulong[] _addresses;
    private readonly string _id;
    private readonly int[] _tables;
    private int _files;

    public SymbolsFuzzTests()
    {
        var library = SymbolsLibrary.Compile(_folder, ["-g", "-gz=none"]);
        _library = File.ReadAllBytes(library);
        _addresses = [.. SymbolsLibrary.Addresses(library)];
        _id = SymbolsLibrary.BuildIdOf(library);
        _tables = Tables(library);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_library_altered_anywhere()
    {
        var known = 0;
        FuzzRun.Give(500, MostBytes, Altered, bytes => known += Read(bytes), refuses: false);
        // Not all may fail at the first look.
        Assert.True(known > 0);
    }

    /// <summary>Most of a library is neither names nor lines: changes go to the tables that are read, and to the headers.</summary>
    private byte[] Altered(Random random)
    {
        var altered = (byte[])_library.Clone();
        var at = _tables[random.Next(_tables.Length)];
        var length = Math.Min(400, altered.Length - at);
        var mutated = Mutation.Of(altered[at..(at + length)], random);
        mutated.AsSpan(0, Math.Min(mutated.Length, length)).CopyTo(altered.AsSpan(at));
        return random.Next(16) == 0 ? altered[..random.Next(altered.Length)] : altered;
    }

    private int Read(byte[] bytes)
    {
        // A new name each time: the pages of the last one are still mapped while it is being taken down.
        var path = _folder.At($"library{_files++ % 16}");
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
        var symbols = ModuleSymbols.Open([path], _id);
        return _addresses.Count(address => symbols.PlacesAt(address) is [{ Function: not null }, ..] or [{ Line: > 0 }, ..]);
    }

    /// <summary>Where in the file headers and tables begin.</summary>
    private static int[] Tables(string library)
    {
        string[] names = [".symtab", ".strtab", ".dynsym", ".debug_line", ".debug_line_str", ".shstrtab", ".debug_info", ".debug_abbrev", ".debug_rnglists", ".debug_str"];
        var sections = SymbolsLibrary.Execute("readelf", "-SW", library).Split('\n');
        var starts = sections.Select(line => line[(line.IndexOf(']', StringComparison.Ordinal) + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 4 && names.Contains(words[0]))
            .Select(words => Convert.ToInt32(words[3], 16));
        return [0, (int)BitConverter.ToUInt64(File.ReadAllBytes(library), 40), .. starts];
    }
}
