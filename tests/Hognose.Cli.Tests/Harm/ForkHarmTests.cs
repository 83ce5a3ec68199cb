using System.Diagnostics;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>Large programs are forked unasked, and nothing of that stays behind, however we end.</summary>
public class ForkHarmTests
{
    private const int Moments = 10;

    /// <summary>Large enough to be forked; busy, for a thread on its way through Python is what is interrupted.</summary>
    private const string Large = """
        import sys, threading
        kept = [bytes([i]) * (32 << 20) for i in range(1, 11)]
        line = threading.Event()
        def wait_for_line(): sys.stdin.readline(); line.set()
        threading.Thread(target=wait_for_line, daemon=True).start()
        print("ready", flush=True)
        rounds = wrong = 0
        while not line.is_set():
            rows = [{"n": i, "s": str(i)} for i in range(500)]
            wrong += sum(len(row["s"]) for row in rows) != 1390
            rounds += 1
        print(wrong, rounds > 0, sum(each[-1] for each in kept))
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public void A_large_program_is_forked_unasked_and_a_small_one_is_copied()
    {
        using var large = TargetProgram.StartText(Interpreters.Any, Large);
        using var small = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        Assert.Equal(("fork", "copy", "fork", "copy"), (WayOf(large), WayOf(large, "--no-fork"), WayOf(small, "--fork"), WayOf(small)));
        Assert.Empty(ThreadFiles.Children(large.Pid));
        var both = BuiltTool.Run("heap", $"{small.Pid}", "--fork", "--no-fork");
        Assert.Equal((2, 1), (both.ExitCode, both.Errors.Count(letter => letter == '\n')));
        Assert.Equal((0, "0 True 55\n", ""), large.Finish());
    }

    [Fact]
    public void Whoever_asks_us_to_end_at_any_moment_leaves_no_child_in_the_program()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Large);
        using var folder = new TemporaryFolder();
        var random = new Random(20261127);
        var caught = 0;
        for (var moment = 0; moment < Moments; moment++)
        {
            using var tool = BuiltTool.Start(["snapshot", $"{program.Pid}", "-o", folder.At("x.heap")], folder.Path);
            _ = SpinWait.SpinUntil(() => tool.HasExited || ThreadFiles.Children(program.Pid).Count > 0, Patience);
            Thread.Sleep(random.Next(0, 40));
            caught += ThreadFiles.Children(program.Pid).Count > 0 ? 1 : 0;
            using (var kill = Process.Start("kill", [moment % 2 == 0 ? "-INT" : "-TERM", $"{tool.Id}"]))
                kill.WaitForExit();
            Assert.True(tool.WaitForExit(Patience), "the tool did not end");
            Assert.Empty(ThreadFiles.Children(program.Pid));
        }
        Assert.True(caught > 0, "no child was ever there");
        Assert.Equal((0, "0 True 55\n", ""), program.Finish());
    }

    private static string? WayOf(TargetProgram program, params string[] options)
    {
        var run = BuiltTool.Run(["heap", $"{program.Pid}", "--json", "-n", "1", .. options]);
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = JsonDocument.Parse(run.Output);
        return json.RootElement.GetProperty("pause").GetProperty("way").GetString();
    }
}
