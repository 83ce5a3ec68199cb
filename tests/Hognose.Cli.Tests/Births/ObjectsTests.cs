using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Births;

/// <summary><c>hognose run --objects</c>: both answers joined. What each line left behind, who holds it, and in the snapshot where each object was born.</summary>
public sealed class ObjectsTests
{
    private const string Program = """
        class Page:
            __slots__ = ("number", "body")
            def __init__(self, number):
                self.number = number
                self.body = bytes(1000 + number % 2)
        CACHE = {}
        def load(number):
            return Page(number)
        def fill(count):
            for number in range(1000, 1000 + count):
                CACHE[number] = load(number)
        fill(3000)
        __import__("time").sleep(0.5)
        lost = [load(1) for _ in range(70)]
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Each_line_s_survivors_are_told_by_type_and_holder(string name)
    {
        using var folder = new TemporaryFolder();
        Record(name, folder);

        var show = ToolJson.Of("show", folder.At("x.alloc"), "--leaks", "--sites", "1000", "--json");
        var born = SiteOf(show, "load", 8);
        // Up to 3.10 a block of the function's own stands there, too: its cache of look-ups.
        Assert.Equal(("__main__.Page", 3070L), TypesOf(born)[0]);
        Assert.Equal([("module __main__.CACHE[…]", 3000L), ("module __main__.lost[i]", 70L)], HoldersOf(born));
        Assert.Contains(("bytes", 3070L), TypesOf(SiteOf(show, "__init__", 5)));
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void The_snapshot_knows_where_objects_were_born(string name)
    {
        using var folder = new TemporaryFolder();
        Record(name, folder);

        var ways = ToolJson.Of("why", folder.At("x.heap"), "__main__.Page", "--json").GetProperty("ways").EnumerateArray().ToList();
        Assert.Equal(["module __main__.CACHE[…]", "module __main__.lost[i]"], ways.Select(way => way.GetProperty("held_by").GetString()));
        Assert.Equal([3000, 70], ways.Select(way => way.GetProperty("born").GetProperty("objects").GetInt64()));
        // Half a second lies between the two lines that fill them; the heap is looked at when the program ends.
        var (cached, lost) = (AgesOf(ways[0]), AgesOf(ways[1]));
        Assert.True(cached.Oldest >= cached.Youngest && cached.Youngest >= lost.Oldest + 0.4 && lost.Oldest >= lost.Youngest && lost.Youngest >= 0, $"{cached} {lost}");
        Assert.Equal(["load:8", "fill:11", "<module>:12"], FramesOf(ways[0]));

        var said = BuiltTool.Execute(BuiltTool.Path, ["why", "x.heap", ways[0].GetProperty("example_address").GetString()!], folder: folder.Path);
        Assert.Contains("born at x.py:8 in load() <- fill x.py:11, ", said.Output, StringComparison.Ordinal);
    }

    /// <summary>No function runs any more that would hold the variables of __main__.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void The_snapshot_answers_what_one_of_a_running_program_does(string name)
    {
        using var folder = new TemporaryFolder();
        Record(name, folder);

        Assert.Equal("module __main__.CACHE", ToolJson.Of("biggest", folder.At("x.heap"), "--json").GetProperty("objects")[0].GetProperty("held_by").GetString());
        foreach (var question in new[] { "rss", "waste", "suspects" })
            Assert.Equal(JsonValueKind.Object, ToolJson.Of(question, folder.At("x.heap"), "--json").ValueKind);
    }

    [Fact]
    public void Types_threads_sizes_and_allocators_add_up()
    {
        using var folder = new TemporaryFolder();
        Record("3.11", folder);

        var types = Rows("type");
        Assert.Equal(3070, types.Single(row => row.GetProperty("label").GetString() == "__main__.Page").GetProperty("blocks").GetInt64());
        var totals = ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("totals");
        foreach (var by in (string[])["thread", "size", "allocator", "time"])
        {
            Assert.Equal(totals.GetProperty("allocations").GetInt64(), Rows(by).Sum(row => row.GetProperty("blocks").GetInt64()));
            Assert.Equal(totals.GetProperty("allocated_bytes").GetInt64(), Rows(by).Sum(row => row.GetProperty("bytes").GetInt64()));
        }
        // bytes(1000) and bytes(1001) take 1,033 and 1,034 bytes; what Python itself takes of that size comes on top.
        Assert.InRange(Rows("size").Single(row => row.GetProperty("label").GetString() == "1,024 to 2,047").GetProperty("blocks").GetInt64(), 3070, 6000);
        Assert.Contains("1,024 to 2,047", BuiltTool.Run("show", folder.At("x.alloc"), "--by", "size").Output, StringComparison.Ordinal);

        List<JsonElement> Rows(string by) => [.. ToolJson.Of("show", folder.At("x.alloc"), "--json", "--by", by).GetProperty("rows").EnumerateArray()];
    }

    private const string FamilyProgram = """
        import multiprocessing, os, signal, subprocess, sys
        class Job:
            pass
        KEPT = []
        def work(count):
            for _ in range(count):
                KEPT.append(Job())
        def forked(end):
            process = os.fork()
            if process == 0:
                work(300)
                end()
            print("forked", process, flush=True)
            os.waitpid(process, 0)
        if __name__ == "__main__":
            for method, count in ("fork", 500), ("spawn", 700):
                process = multiprocessing.get_context(method).Process(target=work, args=(count,))
                process.start()
                process.join()
                print(method, process.pid, process.exitcode)
            forked(lambda: os._exit(3))
            try:
                subprocess.Popen(["/nowhere"])
            except FileNotFoundError:
                work(1100)
            forked(lambda: os.kill(os.getpid(), signal.SIGKILL))
            sys.stdout.flush()
            os._exit(5)
        """;

    /// <summary>Also of those that end by <c>os._exit</c>: CPython takes nothing down there. A child of vfork that finds no program calls it, too, in its parent's memory.</summary>
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Each_process_s_survivors_are_told(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("x.py"), FamilyProgram);
        var run = BuiltTool.Run("run", "--objects", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, folder.At("x.py"));
        Assert.Equal(5, run.ExitCode);
        var said = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')).ToList();
        Assert.Equal(["fork 0", "spawn 0", "forked ", "forked "], said.Select(words => $"{words[0]} {(words.Length > 2 ? words[2] : "")}"));

        Assert.Equal(1100, Jobs("x"));
        Assert.Equal([500, 700, 300], said.Take(3).Select(words => Jobs($"x.{words[1]}")));
        Assert.Equal((300, "module __main__.KEPT[i]"), HeldIn($"x.{said[2][1]}"));
        // What a signal ended cannot be looked at, and is counted.
        Assert.False(File.Exists(folder.At($"x.{said[3][1]}.heap")));
        Assert.True(File.Exists(folder.At($"x.{said[3][1]}.alloc")));
        Assert.Contains("hognose: objects of 1 of 5 processes that the program started were not looked at", run.Errors, StringComparison.Ordinal);

        long Jobs(string file) => ToolJson.Of("show", folder.At($"{file}.alloc"), "--json", "--by", "type").GetProperty("rows").EnumerateArray()
            .Where(row => row.GetProperty("label").GetString()!.EndsWith("main__.Job", StringComparison.Ordinal)).Sum(row => row.GetProperty("blocks").GetInt64());

        (long, string?) HeldIn(string file)
        {
            var way = ToolJson.Of("why", folder.At($"{file}.heap"), "__main__.Job", "--json").GetProperty("ways")[0];
            Assert.StartsWith("work:7", FramesOf(way)[0], StringComparison.Ordinal);
            return (way.GetProperty("born").GetProperty("objects").GetInt64(), way.GetProperty("held_by").GetString());
        }
    }

    /// <summary>More than there is room for copies: some wait until others are read.</summary>
    [Fact]
    public void Many_processes_that_end_at_once_are_all_looked_at()
    {
        const string program = """
            import subprocess, sys
            code = "rows = [object() for _ in range(1000)]; input()"
            children = [subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE) for _ in range(12)]
            for child in children:
                child.stdin.write(b"\n")
                child.stdin.close()
            print(sorted(child.wait() for child in children))
            """;
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run("run", "-q", "--objects", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c", program);
        Assert.Equal((0, $"[{string.Join(", ", Enumerable.Repeat(0, 12))}]\n", ""), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal(13, Directory.GetFiles(folder.Path, "*.heap").Length);
        Assert.Equal(13, Directory.GetFiles(folder.Path, "*.alloc").Length);
    }

    /// <summary>
    /// Its second life is copied beside the loop that waits for it, where about one run in ten took the stop of the copying thread for one by Ctrl-Z, and both stood still for ever.
    /// </summary>
    [Fact]
    public void A_program_that_became_another_is_looked_at_and_ends()
    {
        const string program = """
            import os, sys
            if len(sys.argv) == 1:
                os.execv(sys.executable, [sys.executable, __file__, "again"])
            rows = [bytes(1000) for _ in range(3000)]
            print("second life", len(rows))
            """;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("x.py"), program);
        for (var round = 0; round < 30; round++)
        {
            string[] words = ["run", "-q", "--objects", "-o", $"{round}.alloc", "--python", Interpreters.Any.Executable, "x.py"];
            var run = BuiltTool.Execute(BuiltTool.Path, words, folder: folder.Path, patience: TimeSpan.FromMinutes(1));
            Assert.Equal((0, "second life 3000\n", ""), (run.ExitCode, run.Output, run.Errors));
            Assert.Single(Directory.GetFiles(folder.Path, $"{round}.*.heap"));
        }
    }

    [Fact]
    public void A_program_that_a_signal_ends_has_no_objects_to_look_at()
    {
        using var folder = new TemporaryFolder();
        const string program = "import os, signal; rows = [object() for _ in range(9000)]; os.kill(os.getpid(), signal.SIGKILL)";
        var run = BuiltTool.Run("run", "--objects", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c", program);
        Assert.NotEqual(0, run.ExitCode);
        Assert.False(File.Exists(folder.At("x.heap")));
        Assert.True(File.Exists(folder.At("x.alloc")));
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void A_child_outlives_a_tool_killed_while_it_is_held(string name)
    {
        const string parent = """
            import os
            child = os.fork()
            if child == 0:
                rows = [[i] for i in range(300_000)]
                print("done", flush=True)
                os._exit(3)
            print(os.waitpid(child, 0)[1] >> 8, flush=True)
            """;
        AssertOutlives(name, parent, "3\n");
    }

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void The_program_outlives_a_tool_killed_while_it_is_held(string name)
    {
        const string Worker = """
            import atexit, sys
            rows = [[i] for i in range(300_000)]
            print("done", flush=True)
            class Last:
                def __del__(self, write=sys.stdout.write, flush=sys.stdout.flush): write("gone\n"); flush()
            last = Last()
            """;
        AssertOutlives(name, Worker, "gone\n");
    }

    /// <summary>The tool is killed at random moments after "done".</summary>
    private static void AssertOutlives(string name, string program, string end)
    {
        var random = new Random(20261127);
        for (var moment = 0; moment < 6; moment++)
        {
            using var folder = new TemporaryFolder();
            using var tool = BuiltTool.Start(["run", "-q", "--objects", "--python", Interpreters.Find(name).Executable, "-o", folder.At("x.alloc"), "-c", program], folder.Path);
            Assert.Equal("done", tool.StandardOutput.ReadLine());
            Thread.Sleep(random.Next(0, 60));
            tool.Kill();

            Assert.Equal(end, tool.StandardOutput.ReadToEnd());
        }
    }

    private static void Record(string name, TemporaryFolder folder)
    {
        File.WriteAllText(folder.At("x.py"), Program);
        var run = BuiltTool.Run("run", "--objects", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, folder.At("x.py"));
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("held by module __main__.CACHE", run.Errors, StringComparison.Ordinal);
    }


    private static JsonElement SiteOf(JsonElement show, string function, int line) =>
        show.GetProperty("view").GetProperty("sites").EnumerateArray().Single(site =>
            (site.GetProperty("function").GetString() ?? "").EndsWith(function, StringComparison.Ordinal)
            && site.GetProperty("file").GetString()!.EndsWith("/x.py", StringComparison.Ordinal)
            && site.GetProperty("line").ValueKind == JsonValueKind.Number && site.GetProperty("line").GetInt32() == line);

    private static List<(string?, long)> TypesOf(JsonElement site) =>
        [.. site.GetProperty("types").EnumerateArray().Select(type => (type.GetProperty("type").GetString(), type.GetProperty("blocks").GetInt64()))];

    private static List<(string?, long)> HoldersOf(JsonElement site) =>
        [.. site.GetProperty("held_by").EnumerateArray().Select(way => (way.GetProperty("way").GetString(), way.GetProperty("objects").GetInt64()))];

    private static (double Youngest, double Oldest) AgesOf(JsonElement way) =>
        (way.GetProperty("born").GetProperty("youngest_seconds").GetDouble(), way.GetProperty("born").GetProperty("oldest_seconds").GetDouble());

    private static List<string> FramesOf(JsonElement way) =>
        [.. way.GetProperty("born").GetProperty("stack").EnumerateArray().Select(frame => $"{frame.GetProperty("function").GetString()!.Split('.')[^1]}:{frame.GetProperty("line").GetInt32()}")];
}
