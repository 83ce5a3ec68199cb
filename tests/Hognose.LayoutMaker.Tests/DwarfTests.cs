using Hognose.Diagnostics;
using Hognose.LayoutMaker.Dwarf;
using Hognose.LayoutMaker.Tables;
using Hognose.Testing;

namespace Hognose.LayoutMaker.Tests;

public sealed class DwarfTests
{
    [Theory]
    [InlineData("-gdwarf-5")]
    [InlineData("-gdwarf-4")]
    [InlineData("-gdwarf-3")]
    [InlineData("-gdwarf-5", "-gz=zlib")]
    [InlineData("-gdwarf-5", "-flto")]
    public void Offsets_are_those_that_the_compiled_program_prints(params string[] options)
    {
        var (truth, layout) = CompiledProgram.Compile(options);

        var said = truth.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        // Size is no field; the flexible array is one and has no sizeof to print.
        Assert.Equal(said.Select(words => words[0]).Except(["Size"]).Append("flexible").Order(), layout.Fields.Keys.Order());
        foreach (var words in said)
            Assert.Equal(string.Join(' ', words), Describe(layout, words));
        Assert.Equal(layout.Fields["flags"].Offset + 40 / 8, layout.Fields["flexible"].Offset);
        Assert.Equal((2, 3, 1, 40), (layout.Fields["interned"].Bits, layout.Fields["kind"].Bits, layout.Fields["compact"].Bits, layout.Fields["flags"].Bits));
    }

    [Fact]
    public void A_file_that_is_no_ELF_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("text", new string('x', 100));

        Assert.Equal($"{path} is not a 64-bit ELF file", Assert.Throws<CannotContinueException>(() => ElfSections.Load(path)).Message);
    }

    [Fact]
    public void The_committed_tables_are_what_the_tool_makes_of_the_builds_on_this_machine()
    {
        var sources = Source.Load(Path.Combine(Repository.Root, "tools/Hognose.LayoutMaker/sources.jsonc"));
        var layouts = Path.Combine(Repository.Root, "src/Hognose.CPython/Layouts");
        var built = sources.FirstOrDefault(source => IsTheBuild(source, layouts));
        Assert.SkipWhen(built is null, "none of the builds that the tables come from is on this machine");
        using var log = new StringWriter();
        var maker = new TableMaker(layouts, sources, log);

        Assert.True(maker.Run(new HashSet<string> { built!.Version }, isCheck: true), log.ToString());
    }

    /// <summary>The same version built elsewhere may have been configured otherwise.</summary>
    private static bool IsTheBuild(Source source, string layouts) =>
        source.Files() is [var file, ..]
        && DebugFolders.Open(file)?.BuildId is { } id
        && File.ReadAllText(Path.Combine(layouts, $"cpython-{source.Minor}.jsonc")).Contains(id, StringComparison.Ordinal);

    private static string Describe(StructLayout layout, string[] words)
    {
        if (words[0] == "Size")
            return $"Size {layout.Size}";
        var field = layout.Fields[words[0]];
        return field.IsBitField ? $"{words[0]} bit {field.Offset * 8 + field.Bit}" : $"{words[0]} {field.Offset} {field.Width}";
    }
}
