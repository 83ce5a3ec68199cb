using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary><c>hognose tracemalloc</c>; that its figures are tracemalloc's own is shown in Hognose.CPython.Tests.</summary>
public sealed class TracemallocCommandTests
{
    private const string Program = """
        import sys
        kept = []
        def fill(): kept.append(bytearray(3_000_000))
        def more():
            fill()
            kept.append([str(number) for number in range(2000)])
        more()
        print("ready", flush=True)
        for line in sys.stdin:
            exec(line)
            print("ready", flush=True)
        """;

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void A_process_its_core_and_what_was_kept_of_it_say_the_same(string name)
    {
        using var folder = new TemporaryFolder();
        var script = folder.Write("app.py", Program);
        using var program = TargetProgram.Start(Interpreters.Find(name).Executable, ["-X", "tracemalloc=5", script]);
        var (before, after) = (folder.At("before.alloc"), folder.At("after.alloc"));
        var report = Run("tracemalloc", $"{program.Pid}", "-o", before).Output;
        Assert.Contains("5 frames kept of each stack", report, StringComparison.Ordinal);
        Assert.Contains("The process stood still for", report, StringComparison.Ordinal);
        Assert.Contains("app.py:3", report, StringComparison.Ordinal);
        Assert.Contains($"Next  hognose show {before} --by module", report, StringComparison.Ordinal);

        using var live = Json("tracemalloc", $"{program.Pid}", "--json");
        var site = live.RootElement.GetProperty("sites")[0];
        Assert.Equal((script, 3), (site.GetProperty("file").GetString(), site.GetProperty("line").GetInt32()));
        Assert.InRange(site.GetProperty("bytes").GetInt64(), 3_000_000, 3_001_000);
        Assert.Equal(5, site.GetProperty("callers")[0].GetProperty("line").GetInt32());
        Assert.Equal(0, live.RootElement.GetProperty("trouble").GetArrayLength());
        Assert.Equal(live.RootElement.GetProperty("totals").GetProperty("bytes").GetInt64(), live.RootElement.GetProperty("sites").EnumerateArray().Sum(each => each.GetProperty("bytes").GetInt64()));

        using var shown = Json("show", before, "--json");
        Assert.True(JsonElement.DeepEquals(site, shown.RootElement.GetProperty("end").GetProperty("sites")[0]), shown.RootElement.GetRawText());
        Assert.Equal(5, shown.RootElement.GetProperty("tracemalloc").GetProperty("frames_kept").GetInt32());
        Assert.Contains("app.py:3", Run("tracemalloc", $"{program.Pid}", "--tree").Output, StringComparison.Ordinal);
        Assert.Contains("app.py:7;", Run("export", before, "--to", "folded", "-o", "-").Output, StringComparison.Ordinal);
        Assert.Contains("as its tracemalloc has it", Run("show", before).Output, StringComparison.Ordinal);

        program.Ask("fill()");
        Run("tracemalloc", $"{program.Pid}", "-o", after);
        using var compared = Json("compare", before, after, "--json");
        var grown = compared.RootElement.GetProperty("sites").EnumerateArray().First(each => each.GetProperty("file").GetString() == script);
        Assert.Equal((3, 3, "grew"), (grown.GetProperty("line_before").GetInt32(), grown.GetProperty("line_after").GetInt32(), grown.GetProperty("change").GetString()));
        Assert.InRange(grown.GetProperty("bytes").GetInt64(), 3_000_000, 3_001_000);

        Assert.SkipUnless(File.Exists("/usr/bin/gcore"), "gcore (gdb) is not on this machine");
        Assert.Equal(0, BuiltTool.Execute("/usr/bin/gcore", ["-o", folder.At("core"), $"{program.Pid}"]).ExitCode);
        using var again = Json("tracemalloc", $"{program.Pid}", "--json");
        using var core = Json("tracemalloc", folder.At($"core.{program.Pid}"), "--json");
        foreach (var part in (string[])["totals", "domains", "frames_kept", "cut_stacks", "sites"])
            Assert.Equal(again.RootElement.GetProperty(part).GetRawText(), core.RootElement.GetProperty(part).GetRawText());
    }

    [Fact]
    public void What_cannot_be_told_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        using var plain = TargetProgram.StartText(Interpreters.Any, Program);
        Refused("tracemalloc does not run in", "tracemalloc", $"{plain.Pid}");
        plain.Ask("import tracemalloc; tracemalloc.start()");
        Run("tracemalloc", $"{plain.Pid}", "-o", folder.At("x.alloc"));
        Refused("keeps files and lines and no functions", "show", folder.At("x.alloc"), "--by", "function");
        Refused("knows what is alive", "show", folder.At("x.alloc"), "--temporary");
        Refused("knows what is alive", "export", folder.At("x.alloc"), "--to", "csv", "--all");
        Refused("no module that allocated fits", "tracemalloc", $"{plain.Pid}", "--module", "nothing");
        plain.Ask("tracemalloc.stop()");
        Refused("tracemalloc does not run in", "tracemalloc", $"{plain.Pid}");
        Run("snapshot", $"{plain.Pid}", "-o", folder.At("x.heap"));
        Refused("is a snapshot of a heap", "tracemalloc", folder.At("x.heap"));
    }

    /// <summary>A program that allocates in several threads is copied again where it was stopped within tracemalloc.</summary>
    [Fact]
    public void A_busy_program_is_read_whole_and_attach_names_the_command()
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.Start(Interpreters.Any.Executable, ["-X", "tracemalloc=3", "-c", """
            import sys, threading
            def work():
                while True: rows = [str(number) for number in range(300)]
            for number in range(3): threading.Thread(target=work, daemon=True).start()
            print("ready", flush=True); sys.stdin.read()
            """]);
        for (var turn = 0; turn < 5; turn++)
        {
            using var live = Json("tracemalloc", $"{program.Pid}", "--json");
            Assert.Equal(0, live.RootElement.GetProperty("trouble").GetArrayLength());
        }
        var attach = Run("attach", $"{program.Pid}", "--duration", "0.05", "-o", folder.At("x.alloc"));
        Assert.Contains($"'hognose tracemalloc {program.Pid}' tells what that has traced", attach.Errors, StringComparison.Ordinal);
    }

    private static ToolRun Run(params string[] arguments)
    {
        var run = BuiltTool.Run(arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }

    private static JsonDocument Json(params string[] arguments) => JsonDocument.Parse(Run(arguments).Output);

    private static void Refused(string words, params string[] arguments)
    {
        var run = BuiltTool.Run(arguments);
        Assert.True(run.ExitCode == 2 && run.Output.Length == 0 && run.Errors.Count(each => each == '\n') == 1, run.ToString());
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }
}
