using Hognose.LayoutMaker.Tables;
using Hognose.Testing;

namespace Hognose.LayoutMaker.Tests;

public sealed class TableFileTests
{
    [Fact]
    public void What_is_written_is_read_again_through_its_baseline()
    {
        var first = Table("3.8.0", null, ("Kept", ["a", "b"]), ("Gone", ["c"]));
        var second = Table("3.8.1", "3.8.0", ("Kept", ["b", "d"]), ("New", ["e"]));
        second.Structs["Kept"].Fields["kind"] = new FieldLayout(32, 4, 2, 3);
        var all = new Dictionary<string, LayoutTable> { [first.Version] = first, [second.Version] = second };

        var text = TableFile.Write("3.8", [first, second], all);
        var read = Load(text);

        Assert.Equal(text, TableFile.Write("3.8", [read["3.8.0"], read["3.8.1"]], read));
        Assert.Equal(["Kept", "New"], read["3.8.1"].Structs.Keys);
        Assert.Equal(second.Structs["Kept"].Fields, read["3.8.1"].Structs["Kept"].Fields);
        Assert.Contains("\"Gone\": null", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_equal_to_its_baseline_takes_no_line()
    {
        var first = Table("3.8.0", null, ("Kept", ["a"]));
        var second = Table("3.8.1", "3.8.0", ("Kept", ["a"]));
        var text = TableFile.Write("3.8", [first, second], new Dictionary<string, LayoutTable> { [first.Version] = first, [second.Version] = second });

        Assert.EndsWith("\"structs\": {\n      },\n    },\n  ]\n}\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mapping_keeps_direct_members_and_those_it_names()
    {
        var mapping = Assert.Single(CompiledProgram.Parse("""{ "S": { "c": ["struct s"], "direct": true, "fields": ["gil_*"] }, }"""));

        Assert.True(mapping.Keeps("next", isDirect: true));
        Assert.True(mapping.Keeps("gil_locked", isDirect: false));
        Assert.False(mapping.Keeps("dtoa_freelist", isDirect: false));
    }

    private static LayoutTable Table(string version, string? baseline, params (string Name, string[] Fields)[] structs)
    {
        var table = new LayoutTable(version) { Baseline = baseline };
        foreach (var (name, fields) in structs)
        {
            table.Structs[name] = new StructLayout(8 * fields.Length);
            for (var i = 0; i < fields.Length; i++)
                table.Structs[name].Fields[fields[i]] = new FieldLayout(8 * i, 8);
        }
        return table;
    }

    private static Dictionary<string, LayoutTable> Load(string text)
    {
        using var folder = new TemporaryFolder();
        return TableFile.Load([folder.Write("cpython-3.8.jsonc", text)]);
    }
}
