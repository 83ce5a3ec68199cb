using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>The tool stands still, alone or with its program.</summary>
public class StoppedTests
{
    /// <summary>The agent counts naps, which take longer on a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>After each line of stdin more events than the ring holds, then a word.</summary>
    private const string Worker = """
        import os, sys
        print("ready", os.getpid(), flush=True)
        for line in sys.stdin:
            kept = [str(number) for number in range(100_000)]
            print("done", len(kept), flush=True)
        """;

    /// <summary>A shell with job control puts its job into a group of its own, as a terminal's shell does: such a group can be stopped by SIGTSTP.</summary>
    private static readonly string[] JobControl = ["-c", "set -m; \"$@\" <&0 & echo $!; wait -f $!", "bash"];

    /// <summary>
    /// Longer than the agent waits for a tool that doesn't move: while both stand still its patience must not run out. Stopped in the middle of
    /// its work, more than once, the program usually stands in a full ring.
    /// </summary>
    private static readonly TimeSpan LongerThanPatience = TimeSpan.FromSeconds(12);

    [Fact]
    public async Task Control_z_stops_both_and_both_go_on_as_if_nothing_had_been()
    {
        using var folder = new TemporaryFolder();
        using var shell = Start("/bin/bash", [.. JobControl, BuiltTool.Path, .. RunOf(folder)], folder);
        var tool = int.Parse((await ReadLine(shell))!, CultureInfo.InvariantCulture);
        var program = ProgramOf(await ReadLine(shell));
        foreach (var pause in (TimeSpan[])[TimeSpan.Zero, LongerThanPatience, TimeSpan.Zero])
        {
            await shell.StandardInput.WriteLineAsync("go");
            await shell.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            Signal("TSTP", -tool);
            MustBecome(tool, 'T');
            MustBecome(program, 'T');
            await Task.Delay(pause, TestContext.Current.CancellationToken);
            Signal("CONT", -tool);
            Assert.Equal("done 100000", await ReadLine(shell));
        }
        shell.StandardInput.Close();
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, shell.ExitCode);
        using var recording = Shown(folder);
        var recorder = recording.RootElement.GetProperty("recorder");
        Assert.Equal(JsonValueKind.Null, recorder.GetProperty("stopped_because").ValueKind);
        Assert.Equal(0, recorder.GetProperty("lost_events").GetInt64());
        Assert.True(recording.RootElement.GetProperty("totals").GetProperty("allocations").GetInt64() > 300_000);
    }

    [Fact]
    public Task A_tool_that_stands_still_is_given_up_and_says_so_when_it_goes_on() => Task.WhenAll(Interpreters.Spread.Select(MustGiveUp));

    private static async Task MustGiveUp(Interpreter python)
    {
        using var folder = new TemporaryFolder();
        using var tool = Start(BuiltTool.Path, RunOf(folder, python), folder);
        var errors = tool.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var program = ProgramOf(await ReadLine(tool));
        Signal("STOP", tool.Id);
        MustBecome(tool.Id, 'T');

        // The first waits until the agent gives up; all that follow meet no hook any more.
        for (var round = 0; round < 4; round++)
        {
            await tool.StandardInput.WriteLineAsync("go");
            await tool.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
            Assert.Equal("done 100000", await ReadLine(tool));
        }
        tool.StandardInput.Close();
        MustBecome(program, 'Z');
        Assert.Equal('T', StateOf(tool.Id));
        Signal("CONT", tool.Id);
        await tool.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, tool.ExitCode);
        Assert.Contains("recording stopped before the program ended: hognose did not follow in time", await errors, StringComparison.Ordinal);
        using var recording = Shown(folder);
        var recorder = recording.RootElement.GetProperty("recorder");
        Assert.Equal("hognose did not follow in time", recorder.GetProperty("stopped_because").GetString());
        // 300,000 allocations of the last three rounds at least.
        Assert.True(recorder.GetProperty("lost_events").GetInt64() > 300_000);
        Assert.Equal(0, recorder.GetProperty("contradictory_events").GetInt64());
    }

    private static string[] RunOf(TemporaryFolder folder, Interpreter? python = null) =>
        ["run", "--python", (python ?? Interpreters.Any).Executable, "-o", folder.At("x.alloc"), "-c", Worker];

    private static Process Start(string executable, IEnumerable<string> arguments, TemporaryFolder folder) =>
        Process.Start(new ProcessStartInfo(executable, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
        })!;

    private static async Task<string?> ReadLine(Process process) =>
        await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);

    private static int ProgramOf(string? ready) => int.Parse(ready!.Split(' ')[1], CultureInfo.InvariantCulture);

    private static JsonDocument Shown(TemporaryFolder folder)
    {
        var shown = BuiltTool.Run("show", "--json", folder.At("x.alloc"));
        Assert.True(shown.ExitCode == 0, shown.ToString());
        return JsonDocument.Parse(shown.Output);
    }

    private static void MustBecome(int process, char state) =>
        Assert.True(SpinWait.SpinUntil(() => StateOf(process) == state, Patience), $"process {process} is {StateOf(process)} and not {state}");

    private static char StateOf(int process) =>
        File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("State:", StringComparison.Ordinal))["State:".Length..].Trim()[0];

    private static void Signal(string name, int process) => BuiltTool.Execute("/bin/kill", ["-s", name, "--", $"{process}"]);
}
