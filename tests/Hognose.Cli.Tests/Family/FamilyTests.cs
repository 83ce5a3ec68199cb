using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Family;

/// <summary>The processes that a recorded program starts: each recorded in a file of its own, exactly, and told in the program's report.</summary>
public sealed class FamilyTests
{
    /// <summary>Each process keeps as many rows as it is told and says in which line; how it was started is the first word of what it prints.</summary>
    private const string Program = """
        import multiprocessing, os, subprocess, sys

        KEPT = []; SIZES = list(range(1000, 1007))
        def keep(count):
            for n in range(count):
                row = bytes(SIZES[n % 7])
                KEPT.append(row)
            return len(KEPT), sorted(name for name in os.environ if "HOGNOSE" in name or name == "LD_PRELOAD")

        def child(how, count):
            print(how, *keep(count), flush=True)

        if __name__ == "__main__":
            if len(sys.argv) > 1:
                child(sys.argv[1], int(sys.argv[2]))
                os._exit(5)
            own = [sys.executable, __file__]
            process = os.fork()
            if process == 0:
                child("fork", 1001)
                if os.fork() == 0:
                    child("grandchild", 1)
                    os._exit(0)
                os.wait()
                os._exit(7)
            print("fork ended", os.waitpid(process, 0)[1] >> 8, flush=True)
            print("subprocess ended", subprocess.call(own + ["subprocess", "1003"]), flush=True)
            print("environment ended", subprocess.call(own + ["environment", "1004"], env={"LD_PRELOAD": "", "PATH": os.environ["PATH"]}), flush=True)
            print("shell ended", subprocess.call("true; exec '%s' '%s' shell 1005" % tuple(own), shell=True), flush=True)
            if hasattr(os, "posix_spawn"):
                print("spawn ended", os.waitpid(os.posix_spawn(own[0], own + ["posix_spawn", "1006"], os.environ), 0)[1] >> 8, flush=True)
            for method, count in ("spawn", 1007), ("forkserver", 1008), ("fork", 1009):
                process = multiprocessing.get_context(method).Process(target=child, args=(method, count))
                process.start()
                process.join()
                print(method, "ended", process.exitcode, flush=True)
            os.execv(own[0], own + ["exec", "1010"])
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_process_is_recorded_to_the_block_and_none_notices(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("app.py"), Program);
        var python = Interpreters.Find(name).Executable;
        var plain = BuiltTool.Execute(python, ["app.py"], folder: folder.Path);
        var recorded = BuiltTool.Execute(BuiltTool.Path, ["run", "-o", "x.alloc", "--python", python, "app.py"], folder: folder.Path);
        Assert.Equal(plain.Output, recorded.Output);
        Assert.Equal(plain.ExitCode, recorded.ExitCode);
        Assert.Contains("other processes, each with a recording of its own", recorded.Errors, StringComparison.Ordinal);

        var children = Show(folder.At("x.alloc")).GetProperty("children").EnumerateArray().ToList();
        var kept = children.Select(child => Kept(folder.At(child.GetProperty("recording").GetString()!))).Where(count => count > 0).Order();
        // The grandchild by fork has its one row, not its parent's.
        Assert.Equal([1, 1001, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010], kept);
        Assert.All(children, child => Assert.True(child.GetProperty("high_water_bytes").GetInt64() > 0));

        TogetherTheyHeldWhatEachHeld(folder, children.Count);
    }

    private static void TogetherTheyHeldWhatEachHeld(TemporaryFolder folder, int children)
    {
        var family = Show(folder.At("x.alloc"), "--family", "--leaks", "--sites", "10000");
        var processes = family.GetProperty("processes").EnumerateArray().ToList();
        Assert.Equal((children + 1, 0), (processes.Count, family.GetProperty("unread").GetArrayLength()));
        Assert.True(family.GetProperty("shares_clock").GetBoolean());
        // Up to 3.8 a script's code has the name that the command line gave it, and that is not the same in all processes.
        var rows = Assert.Single(family.GetProperty("views").EnumerateArray()).GetProperty("sites").EnumerateArray()
            .Where(site => site.GetProperty("function").GetString() == "keep" && site.GetProperty("line").GetInt32() == 6).ToList();
        Assert.Equal((9054, 10), (rows.Sum(site => site.GetProperty("blocks").GetInt64()), rows.Sum(site => site.GetProperty("processes").GetInt32())));
        Assert.Equal(processes.Sum(process => process.GetProperty("high_water_bytes").GetInt64()), family.GetProperty("each_high_water_bytes").GetInt64());
        Assert.InRange(
            family.GetProperty("high_water_mark").GetProperty("bytes").GetInt64(),
            processes.Max(process => process.GetProperty("high_water_bytes").GetInt64()), family.GetProperty("each_high_water_bytes").GetInt64());
        var origins = processes.Select(process => process.GetProperty("origin").GetString()).ToHashSet();
        Assert.Superset(new HashSet<string?> { "program", "fork", "exec", "multiprocessing", "started" }, origins);
    }

    [Fact]
    public void A_family_without_some_of_its_recordings_is_shown_and_says_which_are_missing()
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Execute(
            BuiltTool.Path,
            ["run", "-o", "x.alloc", "--python", Interpreters.Any.Executable, "-c", "import os\nfor n in range(3):\n    if os.fork() == 0:\n        rows = [bytes(1000) for _ in range(100)]\n        os._exit(0)\n    os.wait()"],
            folder: folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("hognose show x.alloc --family", run.Errors, StringComparison.Ordinal);
        var children = Directory.GetFiles(folder.Path, "x.*.alloc");
        Assert.Equal(3, children.Length);
        File.Delete(children[0]);
        File.WriteAllText(children[1], "no recording");
        var show = BuiltTool.Execute(BuiltTool.Path, ["show", "x.alloc", "--family"], folder: folder.Path);
        Assert.Equal((0, ""), (show.ExitCode, show.Errors));
        Assert.Contains($"not in it: cannot read '{Path.GetFileName(children[0])}'", show.Output, StringComparison.Ordinal);
        Assert.Contains($"not in it: '{Path.GetFileName(children[1])}'", show.Output, StringComparison.Ordinal);
        Assert.Contains("with 1 other process", show.Output, StringComparison.Ordinal);

        File.Copy(folder.At("x.alloc"), children[0]);
        Assert.Contains("is another recording than that of pid", BuiltTool.Execute(BuiltTool.Path, ["show", "x.alloc", "--family"], folder: folder.Path).Output, StringComparison.Ordinal);

        var alone = BuiltTool.Run("show", children[2], "--family");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("tells of no other process", alone.Errors, StringComparison.Ordinal);
        var part = BuiltTool.Run("show", folder.At("x.alloc"), "--family", "--thread", "MainThread");
        Assert.Equal(2, part.ExitCode);
        Assert.Contains("choose a part of one process", part.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_children_only_the_program_is_recorded_and_the_report_says_so()
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Execute(
            BuiltTool.Path,
            ["run", "--no-children", "-o", "x.alloc", "--python", Interpreters.Any.Executable, "-c", "import os; os.fork() or os._exit(0); os.wait()"],
            folder: folder.Path);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([folder.At("x.alloc")], Directory.GetFiles(folder.Path));
        Assert.Contains("1 fork: child processes are not recorded", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_burst_of_processes_larger_than_what_stands_ready_is_recorded()
    {
        using var folder = new TemporaryFolder();
        const string burst = """
            import os
            for n in range(60):
                if os.fork() == 0:
                    rows = [bytes(1000) for _ in range(100)]
                    os._exit(0)
            for n in range(60):
                os.wait()
            """;
        var run = BuiltTool.Run("run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Any.Executable, "-c", burst);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal(60, Show(folder.At("x.alloc")).GetProperty("children").GetArrayLength());
    }

    [Fact]
    public void A_tool_that_was_killed_is_no_trouble_for_the_processes_that_go_on_and_begin()
    {
        using var folder = new TemporaryFolder();
        const string family = """
            import os, subprocess, sys
            read, write = os.pipe()
            child = os.fork()
            if child == 0:
                rows = [bytes(100) for _ in range(1000)]
                os.write(write, b"x")
                sys.stdin.read()
                rows = [bytes(100) for _ in range(100000)]
                os._exit(4)
            os.read(read, 1)
            print("ready", flush=True)
            sys.stdin.read()
            later = subprocess.run([sys.executable, "-c", "print(len([bytes(100) for _ in range(50000)]))"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            print(os.waitpid(child, 0)[1] >> 8, later.returncode, later.stdout, flush=True)
            """;
        using var tool = BuiltTool.Start(["run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", family], folder.Path);
        Assert.Equal("ready", tool.StandardOutput.ReadLine());
        tool.Kill();
        tool.WaitForExit();
        tool.StandardInput.Close();
        Assert.Equal("4 0 b'50000\\n'\n", tool.StandardOutput.ReadToEnd());
    }

    /// <summary>Rows that the line holds at the end; their bytes must be right.</summary>
    private static long Kept(string recording)
    {
        var sites = Show(recording, "--sites", "10000").GetProperty("end").GetProperty("sites").EnumerateArray()
            .Where(site => site.GetProperty("function").GetString() == "keep" && site.GetProperty("line").GetInt32() == 6).ToList();
        if (sites.Count == 0)
            return 0;
        var blocks = Assert.Single(sites).GetProperty("blocks").GetInt64();
        // bytes: 32 bytes of head and a closing zero (Objects/bytesobject.c), as sys.getsizeof says.
        Assert.Equal(Enumerable.Range(0, (int)blocks).Sum(row => 1033 + (row % 7)), sites[0].GetProperty("bytes").GetInt64());
        return blocks;
    }

    private static JsonElement Show(string recording, params string[] options)
    {
        var run = BuiltTool.Run(["show", recording, "--json", .. options]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
