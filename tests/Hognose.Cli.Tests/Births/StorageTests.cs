using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary>What objects store outside of themselves is theirs: a buffer, items, keys.</summary>
public class StorageTests
{
    private const int Buffer = 20_000;

    private const string Program = """
        BUFFERS, ROWS, TABLES = [], [], []
        def fill():
            for i in range(200):
                BUFFERS.append(bytearray(20_000))
        def rows():
            for i in range(50):
                ROWS.append([None] * 1_000)
        def tables():
            for i in range(50):
                TABLES.append({n: None for n in range(1_000)})
        fill(); rows(); tables()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Storage_counts_with_the_objects_whose_it_is(string name)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run("run", "-q", "--objects", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program);
        Assert.True(run.ExitCode == 0, run.ToString());

        var site = ToolJson.Of("show", folder.At("x.alloc"), "--leaks", "--by", "function", "--sites", "1000", "--json").GetProperty("view").GetProperty("sites").EnumerateArray()
            .Single(each => each.GetProperty("function").GetString() == "fill").GetProperty("types").EnumerateArray()
            .ToDictionary(type => type.GetProperty("type").GetString() ?? "", type => (Objects: type.GetProperty("blocks").GetInt64(), Bytes: type.GetProperty("bytes").GetInt64()));
        Assert.Equal(200, site["bytearray"].Objects);
        // From 3.15 on the buffer is an object of its own, bytes.
        Assert.InRange(site["bytearray"].Bytes + site.GetValueOrDefault("bytes").Bytes, 200 * Buffer, 200 * (Buffer + 150));
        // The list was made elsewhere; it grew here.
        Assert.Equal(0, site["list"].Objects);
        Assert.InRange(site["list"].Bytes, 200 * 8, 300 * 8);

        var types = ToolJson.Of("show", folder.At("x.alloc"), "--by", "type", "--sites", "1000", "--json").GetProperty("rows").EnumerateArray()
            .ToDictionary(row => row.GetProperty("label").GetString()!, row => row.GetProperty("bytes").GetInt64());
        Assert.True(types["list"] >= 50 * 8_000);
        Assert.True(types["dict"] >= 50 * 30_000);
        Assert.True(types.GetValueOrDefault("(memory that is no object)") < 1_000_000);
        var report = BuiltTool.Run("show", folder.At("x.alloc"), "--leaks", "--by", "function").Output;
        Assert.Matches("200 bytearray [0-9.]+ .iB, (.*, )?storage of list [0-9.]+ KiB", string.Join(' ', report.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }
}
