using System.Globalization;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary>
/// Objects and births of a recording of samples: estimates. 4,000 pages are blocks of 1,056 bytes (1,033 for 1,000 of contents, rounded up to 1,040, and 16 for the collector), of which one is a sample
/// with p = 1 − e^(−1056/1024) = 0.643: 2,574 of them, with a standard error of 30, and they stand for 4,000 with one of 47. Bounds are five standard errors: one run in two million lies beyond by chance.
/// </summary>
public sealed class SampledBirthsTests
{
    private const string Program = """
        import os, sys
        class Page(bytes):
            __slots__ = ()
        class Held: pass
        HELD = Held()
        KEPT = [None] * 4000
        def load(number):
            KEPT[number] = Page(1000)
        def fill():
            for number in range(4000): load(number)
        if len(sys.argv) > 1:
            print("ready", flush=True)
            sys.stdin.readline()
        fill()
        assert sys.getsizeof(KEPT[0]) == 1033 + 16
        print(os.getpid(), flush=True)
        print("ready", flush=True)
        sys.stdin.readline()
        """;

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void What_survivors_are_and_who_holds_them_is_estimated(string name)
    {
        using var folder = new TemporaryFolder();
        using var tool = BuiltTool.Start(["run", "--objects", "--sample=1k", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program]);
        var pid = tool.StandardOutput.ReadLine()!;
        AssertBirths(pid);
        tool.StandardInput.Close();
        var report = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)) && tool.ExitCode == 0, report);

        Assert.Contains(" __main__.Page 3.", report.Replace(" __main__.Page 4.", " __main__.Page 3.", StringComparison.Ordinal), StringComparison.Ordinal);
        AssertSurvivors(folder);
        AssertBirths(folder.At("x.heap"));
        var refused = BuiltTool.Run("heap", folder.At("x.heap"), "--by", "site", "--retained");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("only samples were recorded, one in 1.0 KiB", refused.Errors, StringComparison.Ordinal);
        Assert.Contains(" samples of them born at ", BuiltTool.Run("why", folder.At("x.heap"), "Page").Output, StringComparison.Ordinal);
    }

    /// <summary>Though hardly a block is a sample: the first one that CPython's shutdown frees most likely is none.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void The_heap_is_whole_when_it_is_looked_at(string name)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Execute(
            BuiltTool.Path, ["run", "-q", "--objects", "--sample=1M", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program], input: "");
        Assert.True(run.ExitCode == 0, run.ToString());
        var way = ToolJson.Of("why", folder.At("x.heap"), "__main__.Page", "--json").GetProperty("ways").EnumerateArray().Single();
        Assert.Equal((4000, "module __main__.KEPT[i]"), (way.GetProperty("objects").GetInt64(), way.GetProperty("held_by").GetString()));
        var held = ToolJson.Of("why", folder.At("x.heap"), "__main__.Held", "--json").GetProperty("ways").EnumerateArray().Single();
        Assert.Equal((1, "module __main__.HELD"), (held.GetProperty("objects").GetInt64(), held.GetProperty("held_by").GetString()));
    }

    [Fact]
    public void So_are_those_of_a_program_that_is_attached_to()
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find("3.12"), Program, "attached");
        using var tool = BuiltTool.Start(["attach", program.Pid.ToString(CultureInfo.InvariantCulture), "--objects", "--sample=1k", "-o", folder.At("x.alloc"), "--duration", "2"]);
        Assert.StartsWith("hognose: attached to ", tool.StandardError.ReadLine(), StringComparison.Ordinal);
        program.Ask("");
        var said = tool.StandardError.ReadToEnd();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)) && tool.ExitCode == 0, said);
        AssertSurvivors(folder);
        AssertBirths(folder.At("x.heap"));
    }

    private static void AssertSurvivors(TemporaryFolder folder)
    {
        var sites = ToolJson.Of("show", folder.At("x.alloc"), "--leaks", "--sites", "10000", "--json").GetProperty("view").GetProperty("sites").EnumerateArray().ToList();
        var site = sites.Single(each => each.GetProperty("function").GetString() == "load");
        var pages = site.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("type").GetString() == "__main__.Page");
        Assert.InRange(pages.GetProperty("blocks").GetInt64(), 3760, 4240);
        Assert.InRange(pages.GetProperty("bytes").GetInt64(), 3760L * 1056, 4240L * 1056);
        var holder = site.GetProperty("held_by").EnumerateArray().Single(way => way.GetProperty("way").GetString() == "module __main__.KEPT[i]");
        Assert.Equal(pages.GetProperty("blocks").GetInt64(), holder.GetProperty("objects").GetInt64());
        // The same blocks with the same weights, once by stack and once by type; each is rounded by itself.
        var end = ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("end");
        var types = ToolJson.Of("show", folder.At("x.alloc"), "--json", "--by", "type").GetProperty("rows").EnumerateArray().Sum(row => row.GetProperty("bytes").GetInt64());
        var blocks = end.GetProperty("blocks").GetInt64();
        Assert.InRange(types, end.GetProperty("bytes").GetInt64() - blocks, end.GetProperty("bytes").GetInt64() + blocks);
    }

    private static void AssertBirths(string source)
    {
        var way = ToolJson.Of("why", source, "__main__.Page", "--json").GetProperty("ways").EnumerateArray().Single();
        Assert.Equal(4000, way.GetProperty("objects").GetInt64());
        var born = way.GetProperty("born");
        Assert.Equal("load", born.GetProperty("stack")[0].GetProperty("function").GetString());
        Assert.InRange(born.GetProperty("of_samples").GetInt64(), 2423, 2725);
        Assert.Equal(born.GetProperty("of_samples").GetInt64(), born.GetProperty("objects").GetInt64());
        AssertLines(source, born.GetProperty("of_samples").GetInt64());
    }

    /// <summary>By line, from the snapshot alone: each sample counts for as many as its block stands for, which are all of one size.</summary>
    private static void AssertLines(string source, long samples)
    {
        var heap = ToolJson.Of("heap", source, "--by", "site", "--type", "__main__.Page", "--json");
        Assert.Equal(samples, heap.GetProperty("samples").GetInt64());
        var line = heap.GetProperty("groups").EnumerateArray().Single();
        Assert.Equal("load", line.GetProperty("site").GetProperty("function").GetString());
        var standsFor = 1 / (1 - Math.Exp(-1056.0 / 1024));
        Assert.Equal((long)Math.Round(samples * standsFor), line.GetProperty("objects").GetInt64());
        Assert.Equal((long)Math.Round(samples * standsFor * (1033 + 16)), line.GetProperty("bytes").GetInt64());
        Assert.Matches(@"estimated from [\d,]+ samples: [^\n]*\n[^\n]*\n[^\n]* ~ \d\.\d MiB +~ [34],\d{3} [^\n]* load", BuiltTool.Run("heap", source, "--by", "site", "--type", "__main__.Page").Output);
    }
}
