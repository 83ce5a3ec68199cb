using System.Globalization;
using Hognose.Targets.Cores;
using Hognose.Targets.Elf;
using Hognose.Targets.Memory;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>A compiled symbols.c, and what binutils say of it.</summary>
internal static class SymbolsLibrary
{
    public static string Compile(TemporaryFolder folder, string[] options)
    {
        var library = folder.At("libsymbols.so");
        Execute("gcc", ["-O1", "-shared", "-fPIC", "-Wl,--build-id", "-o", library, Path.Combine(Repository.Root, "tests/Hognose.Targets.Tests/Symbols/symbols.c"), .. options]);
        return library;
    }

    public static string BuildIdOf(string library)
    {
        Assert.True(MappedFile.TryOpenPath(library, out var file));
        using (file)
            return BuildId.Read(file, TargetAddress.Null, isFile: true);
    }

    public static ulong AddressOf(string library, string function) => Functions(library).Single(each => each.Name == function).Start;

    /// <summary>Every byte of every function of symbols.c.</summary>
    public static List<ulong> Addresses(string library) =>
    [
        .. Functions(library).Where(each => each.Name is "counted" or "generated" or "branches" or "longest")
            .SelectMany(each => Enumerable.Range(0, (int)each.Size).Select(offset => each.Start + (ulong)offset)),
    ];

    /// <summary>Of each address the functions that it is a part of, the innermost first: "drawn symbols.c:6".</summary>
    public static List<string[]> AddressToPlaces(string library, IEnumerable<ulong> addresses)
    {
        var places = new List<List<string>>();
        var lines = Execute("addr2line", ["-a", "-i", "-f", "-s", "-e", library, .. addresses.Select(address => $"0x{address:x}")]).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith("0x", StringComparison.Ordinal))
                places.Add([]);
            else
                // "symbols.c:12 (discriminator 2)"
                places[^1].Add($"{lines[i]} {lines[++i].Split(' ')[0].Replace(":?", ":0", StringComparison.Ordinal)}");
        }
        return places.ConvertAll(each => each.ToArray());
    }

    public static string Execute(string program, params string[] arguments)
    {
        var run = BuiltTool.Execute(program, arguments);
        Assert.True(run.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {run}");
        return run.Output;
    }

    private static IEnumerable<(string Name, ulong Start, ulong Size)> Functions(string library) =>
        from line in Execute("nm", "-S", "--defined-only", library).Split('\n')
        let words = line.Split(' ')
        where words.Length == 4 && words[2] is "t" or "T"
        select (words[3], ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
