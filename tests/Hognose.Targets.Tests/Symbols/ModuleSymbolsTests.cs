using System.Globalization;
using Hognose.Targets.Symbols;
using Hognose.Testing;

namespace Hognose.Targets.Tests.Symbols;

/// <summary>Names and lines of C code, against what binutils' addr2line says of each byte of each function.</summary>
public class ModuleSymbolsTests
{
    [Theory]
    [InlineData("-gdwarf-2 -gstrict-dwarf")]
    [InlineData("-gdwarf-3")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-5")]
    [InlineData("-g -gz=zlib")]
    [InlineData("-g -O2 -ffunction-sections")]
    public void Each_address_has_the_function_and_line_that_addr2line_names(string options)
    {
        using var folder = new TemporaryFolder();
        var library = SymbolsLibrary.Compile(folder, options.Split(' '));
        var symbols = ModuleSymbols.Open([library], SymbolsLibrary.BuildIdOf(library));
        var addresses = SymbolsLibrary.Addresses(library);
        Assert.InRange(addresses.Count, 100, 10_000);

        var told = SymbolsLibrary.AddressToLine(library, addresses);

        foreach (var (address, (function, line)) in addresses.Zip(told))
        {
            Assert.Equal(function, symbols.FunctionAt(address));
            var hasLine = symbols.TryLineAt(address, out var file, out var number);
            Assert.Equal(line, hasLine ? $"{Path.GetFileName(file)}:{number.ToString(CultureInfo.InvariantCulture)}" : "??:0");
        }
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
