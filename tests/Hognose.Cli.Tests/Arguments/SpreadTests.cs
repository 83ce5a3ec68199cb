using System.Globalization;
using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Arguments;

/// <summary>Blocks by thread, size, allocator and time, of every view and part that a recording tells.</summary>
public sealed class SpreadTests : IClassFixture<SpreadTests.ThreadedRun>
{
    private const int Kept = 50_000;

    private readonly ThreadedRun _run;

    public SpreadTests(ThreadedRun run) => _run = run;

    [Theory]
    [InlineData("thread")]
    [InlineData("size")]
    [InlineData("allocator")]
    [InlineData("time")]
    public void Rows_add_up_to_the_view_of_the_part_that_is_asked_for(string by)
    {
        foreach (var selection in (string[][])[["--leaks"], ["--view", "high-water"], ["--temporary"], ["--all"], ["--leaks", "--module", "__main__"], ["--all", "--module", "ap*"], ["--growth", "--since", "1ms"], ["--at", Late]])
        {
            var view = Json([.. selection, "--sites", "1"]).GetProperty("view");
            var spread = Json([.. selection, "--by", by]);
            Assert.Equal(view.GetProperty("name").GetString(), spread.GetProperty("view").GetString());
            Assert.Equal((Number(view, "bytes"), Number(view, "blocks")), (Rows(spread).Sum(row => Number(row, "bytes")), Rows(spread).Sum(row => Number(row, "blocks"))));
        }
    }

    [Fact]
    public void A_thread_s_row_tells_what_it_held_and_left()
    {
        // A thread may be over before anybody has looked for its name.
        var row = Assert.Single(Rows(Json("--by", "thread")), each => Number(each, "end_bytes") is >= 5 * Kept and <= (5 * Kept) + 10_000);
        Assert.InRange(Number(row, "high_water_bytes"), 1, Number(row, "bytes"));
        Assert.InRange(Number(row, "never_freed_bytes"), 0, Number(row, "end_bytes"));
        Assert.Matches(@"bytes +blocks +high water +at the end +never freed  thread\n", Show("--by", "thread").Output);
        Assert.Matches(@"high water +alive then  thread\n", Show("--by", "thread", "--at", Late).Output);
    }

    [Fact]
    public void The_main_module_is_called_as_Python_calls_it_and_as_its_file()
    {
        var main = Json("--all", "--module", "__main__").GetProperty("view");
        Assert.Equal(Json("--all", "--module", "app").GetProperty("view").ToString(), main.ToString());
        Assert.InRange(Number(main, "bytes"), 8 * Kept, 16 * Kept);
    }

    [Fact]
    public void What_was_never_freed_is_what_lives_at_the_very_end()
    {
        var never = Json().GetProperty("never_freed");
        var end = Json("--at", "end");
        Assert.True(Number(never, "bytes") > 0);
        Assert.Equal((Number(never, "bytes"), Number(never, "blocks")), (Number(end.GetProperty("view"), "bytes"), Number(end.GetProperty("view"), "blocks")));
        Assert.NotEqual(Number(never, "bytes"), Number(Json("--leaks").GetProperty("view"), "bytes"));
        Assert.Contains("ends before that: give --at less than ", Refused("--at", "1h"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_recording_does_not_tell_is_refused_in_one_line()
    {
        Assert.Contains("types are known of what was held at the end, all of it: leave --all out", Refused("--by", "type", "--all"), StringComparison.Ordinal);
        Assert.Contains("leave the time and the thread out", Refused("--by", "type", "--since", "1ms"), StringComparison.Ordinal);

        foreach (var by in (string[])["thread", "size", "allocator", "time"])
        {
            Assert.Equal(0, BuiltTool.Run("show", _run.Folder.At("totals.alloc"), "--by", by).ExitCode);
            var refused = BuiltTool.Run("show", _run.Folder.At("totals.alloc"), "--by", by, "--leaks");
            Assert.True(refused.ExitCode == 2, refused.ToString());
            Assert.Contains("has totals only, no events to choose from", refused.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Who_closes_the_pipe_has_seen_enough()
    {
        var run = BuiltTool.Execute("/bin/bash", ["-c", "set -o pipefail; \"$0\" export \"$1\" --to json -o - | true", BuiltTool.Path, _run.File]);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
    }

    /// <summary>A moment at which most was allocated: Python's start takes the longer part, and nobody knows how long.</summary>
    private string Late => (Json().GetProperty("program").GetProperty("duration_seconds").GetDouble() * 0.99).ToString("0.000000", CultureInfo.InvariantCulture);

    private static long Number(JsonElement of, string name) => of.GetProperty(name).GetInt64();

    private static List<JsonElement> Rows(JsonElement spread) => [.. spread.GetProperty("rows").EnumerateArray()];

    private JsonElement Json(params string[] arguments) => ToolJson.Of(["show", _run.File, "--json", .. arguments]);

    private ToolRun Show(params string[] arguments)
    {
        var run = BuiltTool.Run(["show", _run.File, .. arguments]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run;
    }

    private string Refused(params string[] arguments)
    {
        var run = BuiltTool.Run(["show", _run.File, .. arguments]);
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Matches("^hognose: [^\n]+\n$", run.Errors);
        return run.Errors;
    }

    public sealed class ThreadedRun : IDisposable
    {
        private const string Program = """
            import threading
            KEPT = []
            def handle(count):
                for _ in range(count):
                    KEPT.append(bytearray(50_000))
                    bytearray(10_000)
            threads = [threading.Thread(target=handle, args=(count,), name="handler %d" % count) for count in (3, 5)]
            [each.start() for each in threads]
            [each.join() for each in threads]
            """;

        public ThreadedRun()
        {
            System.IO.File.WriteAllText(Folder.At("app.py"), Program);
            Record("x.alloc");
            Record("totals.alloc", "--aggregate");
        }

        public TemporaryFolder Folder { get; } = new();

        public string File => Folder.At("x.alloc");

        public void Dispose() => Folder.Dispose();

        private void Record(string name, params string[] options)
        {
            var run = BuiltTool.Run(["run", "-q", .. options, "-o", Folder.At(name), "--python", Interpreters.Any.Executable, Folder.At("app.py")]);
            Assert.True(run.ExitCode == 0, run.ToString());
        }
    }
}
