using System.Diagnostics;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>Death by SIGKILL, of either side, at any moment.</summary>
public class KilledTests
{
    private const int Moments = 6;

    /// <summary>Allocates steadily for about a second, then proves that all its work was done.</summary>
    private const string Worker = """
        import os, sys, time
        print("started", os.getpid(), flush=True)
        total, end = 0, time.process_time() + 0.5
        rounds = 0
        while rounds < 20 or time.process_time() < end:
            rows = [{"n": i, "s": str(i)} for i in range(500)]
            total += sum(len(row["s"]) for row in rows)
            rounds += 1
        print("done", total == rounds * 1390, flush=True)
        """;

    [Theory]
    [ClassData(typeof(SpreadInterpreters))]
    public void The_program_outlives_a_tool_killed_at_any_moment(string name)
    {
        var python = Interpreters.Find(name);
        var random = new Random(20261122);
        for (var moment = 0; moment < Moments; moment++)
        {
            using var folder = new TemporaryFolder();
            using var tool = BuiltTool.Start(["run", "-q", "--python", python.Executable, "-o", folder.At("x.alloc"), "-c", Worker], folder.Path);
            var started = tool.StandardOutput.ReadLine();
            Thread.Sleep(random.Next(0, 400));
            tool.Kill();

            // The end of its stdout is the end of the program, which is no child of ours.
            Assert.StartsWith("started", started, StringComparison.Ordinal);
            Assert.Equal("done True\n", tool.StandardOutput.ReadToEnd());
        }
    }

    [Theory, InlineData("HUP"), InlineData("INT"), InlineData("TERM")]
    public void A_snapshot_that_a_signal_ends_leaves_no_file(string signal)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Any, "rows = [[str(i)] for i in range(300_000)]\nprint('ready', flush=True)\ninput()");
        // Whoever runs the tests may ignore a signal (nohup), and we would, too.
        using var tool = BuiltTool.StartOther("/usr/bin/env", [$"--default-signal={signal}", BuiltTool.Path, "snapshot", $"{program.Pid}", "-o", folder.At("x.heap")], folder.Path);
        while (Directory.GetFiles(folder.Path).Length == 0)
            Thread.Yield();
        Thread.Sleep(50);
        Process.Start("/bin/kill", ["-s", signal, $"{tool.Id}"]).WaitForExit();
        tool.WaitForExit();

        Assert.NotEqual(0, tool.ExitCode);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_tool_killed_while_it_starts_the_program_leaves_no_half_started_program_behind()
    {
        var random = new Random(4711);
        for (var moment = 0; moment < 2 * Moments; moment++)
        {
            using var folder = new TemporaryFolder();
            using var tool = BuiltTool.Start(["run", "-q", "--python", Interpreters.Any.Executable, "-o", folder.At("x.alloc"), "-c", Worker], folder.Path);
            Thread.Sleep(random.Next(0, 120));
            tool.Kill();

            var said = tool.StandardOutput.ReadToEnd();
            Assert.True(said.Length == 0 || said.EndsWith("done True\n", StringComparison.Ordinal), said);
        }
    }

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public async Task A_killed_program_leaves_a_readable_recording(string name)
    {
        var python = Interpreters.Find(name);
        var random = new Random(42);
        for (var moment = 0; moment < 4; moment++)
        {
            using var folder = new TemporaryFolder();
            using var tool = BuiltTool.Start(["run", "--python", python.Executable, "-o", folder.At("x.alloc"), "-c", Worker], folder.Path);
            var errors = tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            var started = await tool.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var pid = int.Parse(started!.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
            await Task.Delay(random.Next(0, 300), TestContext.Current.CancellationToken);
            Process.GetProcessById(pid).Kill();
            await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(128 + 9, tool.ExitCode);
            var shown = BuiltTool.Run("show", folder.At("x.alloc"));
            Assert.True(shown.ExitCode == 0, shown.ToString());
            Assert.NotEmpty(await errors);
        }
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("USR1", 138)]
    public void A_signal_sent_to_the_tool_reaches_the_program(string signal, int status)
    {
        using var folder = new TemporaryFolder();
        var program = "import signal, sys, time\n"
            + $"signal.signal(signal.SIG{signal}, lambda number, frame: (print('got it', flush=True), signal.signal(number, signal.SIG_DFL), signal.raise_signal(number)))\n"
            + "print('ready', flush=True)\ntime.sleep(100)";
        using var tool = BuiltTool.Start(["run", "-q", "--python", Interpreters.Find("3.11").Executable, "-o", folder.At("x.alloc"), "-c", program], folder.Path);
        Assert.Equal("ready", tool.StandardOutput.ReadLine());

        BuiltTool.Execute("/bin/kill", ["-" + signal, $"{tool.Id}"]);

        Assert.Equal("got it\n", tool.StandardOutput.ReadToEnd());
        tool.WaitForExit();
        Assert.Equal(status, tool.ExitCode);
    }
}
