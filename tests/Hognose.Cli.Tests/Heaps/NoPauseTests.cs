using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary><c>--no-pause</c>: a busy program is read while it runs, and every answer says that it is approximate.</summary>
public sealed class NoPauseTests
{
    /// <summary>Beside work that changes the heap all the time stand objects that never change.</summary>
    private const string Program = """
        import sys, threading
        class Marker: __slots__ = ("rows",)
        kept = []
        for n in range(50_000):
            kept.append(Marker()); kept[-1].rows = [n, str(n)]
        stop = threading.Event()
        wrong = []
        def work():
            rows = {}
            n = 0
            while not stop.is_set():
                n += 1
                rows[n % 997] = [str(n), (n, n + 1), {"n": n}]
                row = rows.get((n * 7) % 997)
                if row is not None and row[0] != str(row[2]["n"]): wrong.append(row)
        threads = [threading.Thread(target=work) for _ in range(3)]
        for t in threads: t.start()
        print("ready", flush=True); sys.stdin.readline()
        stop.set()
        for t in threads: t.join()
        print("intact", not wrong, len(kept))
        """;

    [Theory, InlineData("3.8"), InlineData("3.11"), InlineData("3.13"), InlineData("3.14")]
    public void A_program_that_is_not_stopped_is_read_and_goes_on(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        for (var round = 0; round < 4; round++)
        {
            using var heap = Json("heap", $"{program.Pid}", "--no-pause");
            var pause = heap.RootElement.GetProperty("pause");
            Assert.Equal((true, 0, 0.0), (pause.GetProperty("is_approximate").GetBoolean(), pause.GetProperty("stops").GetInt32(), pause.GetProperty("seconds").GetDouble()));
            Assert.Equal(50_000, heap.RootElement.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("name").GetString() == "__main__.Marker").GetProperty("objects").GetInt64());
        }
        var file = folder.At("running.heap");
        Assert.Equal(0, BuiltTool.Run("snapshot", $"{program.Pid}", "--no-pause", "-o", file).ExitCode);
        Assert.Contains("all figures are approximate", BuiltTool.Run("biggest", file).Output, StringComparison.Ordinal);
        foreach (var command in (string[])["biggest", "suspects", "cycles", "waste", "rss", "audit", "tree"])
        {
            using var answer = Json(command, $"{program.Pid}", "--no-pause");
            Assert.True(answer.RootElement.GetProperty("pause").GetProperty("is_approximate").GetBoolean());
        }
        Assert.Equal((0, "intact True 50000\n", ""), program.Finish());
    }

    [Fact]
    public void It_is_for_running_programs_and_excludes_a_fork()
    {
        Assert.Contains("exclude each other", BuiltTool.Run("heap", "1", "--no-pause", "--fork").Errors, StringComparison.Ordinal);
        Assert.Contains("for running processes", BuiltTool.Run("heap", "x.heap", "--no-pause").Errors, StringComparison.Ordinal);
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
