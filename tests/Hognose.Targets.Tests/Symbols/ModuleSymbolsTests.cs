using System.Globalization;
using Hognose.Targets.Symbols;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>Names and lines of C code, against what binutils' addr2line says of each byte of each function.</summary>
public class ModuleSymbolsTests
{
    /// <summary>What binutils call some files of a program that was compiled when it was linked.</summary>
    private const string Artificial = "<artificial>";

    [Theory]
    [InlineData("-gdwarf-2 -gstrict-dwarf")]
    [InlineData("-gdwarf-3")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    [InlineData("-g -gz=zlib")]
    [InlineData("-g -O2 -ffunction-sections")]
    [InlineData("-g -O2 -flto")]
    public void Each_address_has_the_functions_and_lines_that_addr2line_names(string options)
    {
        using var folder = new TemporaryFolder();
        var library = SymbolsLibrary.Compile(folder, options.Split(' '));
        var symbols = ModuleSymbols.Open([library], SymbolsLibrary.BuildIdOf(library));
        var addresses = SymbolsLibrary.Addresses(library);
        Assert.InRange(addresses.Count, 100, 10_000);

        var told = SymbolsLibrary.AddressToPlaces(library, addresses);

        foreach (var (address, places) in addresses.Zip(told))
            Assert.Equal(places, symbols.PlacesAt(address).Select((place, i) => Said(place, i < places.Length && places[i].Contains(Artificial, StringComparison.Ordinal))));
        // What the test is about is there.
        Assert.Contains(told, places => places is [var innermost, var next, _] && innermost.StartsWith("drawn ", StringComparison.Ordinal) && next.StartsWith("drawn_twice ", StringComparison.Ordinal));
    }

    private static string Said(SourcePlace place, bool isArtificial)
    {
        var file = isArtificial ? Artificial : place.File.Length > 0 ? Path.GetFileName(place.File) : "??";
        return string.Create(CultureInfo.InvariantCulture, $"{place.Function} {file}:{place.Line}");
    }

    [Fact]
    public void A_stripped_file_has_its_exported_names_and_what_lies_apart_the_rest()
    {
        using var folder = new TemporaryFolder();
        var library = SymbolsLibrary.Compile(folder, ["-g"]);
        var id = SymbolsLibrary.BuildIdOf(library);
        var (counted, generated) = (SymbolsLibrary.AddressOf(library, "counted"), SymbolsLibrary.AddressOf(library, "generated"));
        var debug = $"{library}.debug";
        SymbolsLibrary.Execute("objcopy", "--only-keep-debug", library, debug);
        SymbolsLibrary.Execute("objcopy", "--strip-all", $"--add-gnu-debuglink={debug}", library);

        var whole = ModuleSymbols.Open([library], id);
        Assert.Equal(("counted", true), (whole.FunctionAt(counted), whole.TryLineAt(counted, out _, out _)));

        File.Delete(debug);
        var stripped = ModuleSymbols.Open([library], id);
        Assert.Equal((null, "generated", false), (stripped.FunctionAt(counted), stripped.FunctionAt(generated), stripped.TryLineAt(generated, out _, out _)));
    }

    [Fact]
    public void A_file_of_another_build_is_not_believed()
    {
        using var folder = new TemporaryFolder();
        var library = SymbolsLibrary.Compile(folder, ["-g"]);
        var address = SymbolsLibrary.AddressOf(library, "generated");
        var other = ModuleSymbols.Open([folder.At("none.so"), library], "00112233");
        Assert.Equal((null, false), (other.FunctionAt(address), other.TryLineAt(address, out _, out _)));
    }
}
