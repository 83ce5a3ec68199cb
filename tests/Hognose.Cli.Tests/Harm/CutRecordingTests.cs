using System.Text.Json;
using Hognose.Cli.Tests.BadInput;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>A recording is in its file while it goes on: whatever ends it, what is whole can be shown.</summary>
public class CutRecordingTests
{
    /// <summary>Keeps ten thousand blocks, says so, and works on until its input ends.</summary>
    private const string Worker = """
        import sys, threading
        kept = [str(n) * 9 for n in range(10_000)]
        print("ready", flush=True)
        def work():
            while not stopped:
                [{"n": n} for n in range(500)]
        stopped = []
        thread = threading.Thread(target=work); thread.start()
        sys.stdin.read()
        stopped.append(1); thread.join()
        print("done", len(kept), flush=True)
        """;

    [Fact]
    public void A_file_is_read_while_it_is_written_and_outlives_a_tool_that_is_killed()
    {
        using var folder = new TemporaryFolder();
        using var tool = BuiltTool.Start(["run", "-q", "--python", Interpreters.Find("3.11").Executable, "-o", folder.At("x.alloc"), "-c", Worker], folder.Path);
        Assert.Equal("ready", tool.StandardOutput.ReadLine());
        var early = ShownOnceThere(folder.At("x.alloc"), atLeast: 10_000);
        var later = ShownOnceThere(folder.At("x.alloc"), atLeast: early + 1_000);
        tool.Kill();
        tool.WaitForExit();
        tool.StandardInput.Close();

        Assert.Equal("done 10000\n", tool.StandardOutput.ReadToEnd());
        Assert.InRange(Allocations(folder.At("x.alloc")), later, long.MaxValue);
        var shown = BuiltTool.Run("show", folder.At("x.alloc"));
        Assert.Contains("the file ends after", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disk_that_fills_up_ends_the_recording_in_one_line_and_not_the_program()
    {
        using var folder = new TemporaryFolder();
        using var disk = SmallDisk.Mount(folder.At("disk"), "300k");
        var file = Path.Combine(disk.Path, "x.alloc");
        const string program = "import random; kept = [bytes(random.randrange(99999)) for n in range(400) for again in range(100)][:1]; print(len(kept)); raise SystemExit(5)";

        var run = BuiltTool.Run("run", "-q", "--python", Interpreters.Any.Executable, "-o", file, "-c", program);

        Assert.Equal((5, "1\n"), (run.ExitCode, run.Output));
        Assert.Matches("^hognose: [^\n]*x.alloc[^\n]*no space left[^\n]*\n$", run.Errors);
        var shown = BuiltTool.Run("show", file);
        Assert.True(shown.ExitCode == 0, shown.ToString());
        Assert.Contains("the file ends after", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Totals_alone_make_a_small_file_that_has_no_parts()
    {
        using var folder = new TemporaryFolder();
        const string program = "import random\nfor n in range(100_000): bytes(random.randrange(9999))";
        foreach (var (name, options) in ((string, string[])[])[("all", []), ("few", ["--aggregate"])])
            Assert.Equal(0, BuiltTool.Run(["run", "-q", .. options, "--python", Interpreters.Any.Executable, "-o", folder.At(name), "-c", program]).ExitCode);

        Assert.InRange(new FileInfo(folder.At("few")).Length * 3, 1, new FileInfo(folder.At("all")).Length);
        Assert.Equal(0, BuiltTool.Run("show", folder.At("few")).ExitCode);
        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("few"), "--since", "0"), "--aggregate");
        Assert.Equal(Allocations(folder.At("all")), Allocations(folder.At("all"), "--since", "0"));
        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("all"), "--growth"), "--since");
        var growth = JsonDocument.Parse(BuiltTool.Run("show", folder.At("all"), "--growth", "--since", "0", "--json").Output).RootElement.GetProperty("view");
        Assert.Equal(("growth", EndBytes(folder.At("all"))), (growth.GetProperty("name").GetString(), growth.GetProperty("bytes").GetInt64()));
    }

    [Fact]
    public void Threads_and_moments_can_be_asked_for()
    {
        using var folder = new TemporaryFolder();
        const string program = """
            import threading, time
            def grow(into, n):
                into.extend(bytes(1000) for _ in range(n))
            first, second = [], []
            grow(first, 2000)
            time.sleep(0.3)
            thread = threading.Thread(target=grow, args=(second, 3000)); thread.start(); thread.join()
            time.sleep(0.3)
            first.clear()
            """;
        Assert.Equal(0, BuiltTool.Run("run", "-q", "--python", Interpreters.Find("3.11").Executable, "-o", folder.At("x"), "-c", program).ExitCode);

        // Number 1 is the main thread, which also imports. What threading itself allocates in a new one comes on top of its 3,000.
        Assert.InRange(Allocations(folder.At("x"), "--thread", "2"), 3000, 9000);
        var whole = EndBytes(folder.At("x"));
        Assert.InRange(EndBytes(folder.At("x"), "--thread", "2"), 3_000_000, 3_300_000);
        // All threads together: the main thread holds what Python imported.
        Assert.True(whole > EndBytes(folder.At("x"), "--thread", "2"));
        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("x"), "--thread", "nobody"), "nobody");
        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("x"), "--at", "soon"), "soon");
        BadInputTests.MustBeOneLine(BuiltTool.Run("show", folder.At("x"), "--since", "1h"), "--since");
    }

    private static long ShownOnceThere(string file, long atLeast)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (File.Exists(file) && BuiltTool.Run("show", file, "--json") is { ExitCode: 0 } run && Totals(run.Output) is var allocations && allocations >= atLeast)
                return allocations;
            Thread.Sleep(50);
        }
        throw new TimeoutException($"{file} never told of {atLeast} allocations");
    }

    private static long Allocations(string file, params string[] options) => Totals(Json(file, options));

    private static long Totals(string json) => JsonDocument.Parse(json).RootElement.GetProperty("totals").GetProperty("allocations").GetInt64();

    private static long EndBytes(string file, params string[] options) =>
        JsonDocument.Parse(Json(file, options)).RootElement.GetProperty("end").GetProperty("bytes").GetInt64();

    private static string Json(string file, string[] options)
    {
        var run = BuiltTool.Run(["show", file, "--json", .. options]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output;
    }
}
