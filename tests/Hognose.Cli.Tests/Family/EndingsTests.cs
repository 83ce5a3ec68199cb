using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Cli.Tests.Births;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Family;

/// <summary>How processes ended that are no children of ours: what their parent's <c>wait</c> was told.</summary>
public sealed class EndingsTests
{
    /// <summary>A child lives until its region is claimed and met. The parent waits for some when they have long ended, for others all the while.</summary>
    private const string Program = """
        import os, signal, sys, time
        KEPT = []
        def child(ending):
            process = os.fork()
            if process == 0:
                KEPT.append(bytes(5000))
                time.sleep(0.7)
                ending()
            return process
        def killed(): os.kill(os.getpid(), signal.SIGKILL)
        def status_of(process):
            status = os.waitpid(process, 0)[1]
            return (-(status & 127) or status >> 8)
        late = [child(lambda: os._exit(7)), child(killed), child(lambda: os._exit(0))]
        at_once = [child(lambda: os._exit(5)), child(killed), child(lambda: os.execv(sys.executable, [sys.executable, "-c", "import time, sys; time.sleep(0.7); sys.exit(3)"]))]
        print("at once", *[(process, status_of(process)) for process in at_once], sep=";")
        time.sleep(0.5)
        print("late", *[(process, status_of(process)) for process in late], sep=";")
        """;

    /// <summary>From 6.15 on the kernel tells it of processes that were waited for.</summary>
    private static bool TellsOfWaitedFor { get; } = KernelVersion() >= new Version(6, 15);

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Each_process_ended_as_its_parent_was_told(string name)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run("run", "-q", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program);
        Assert.True(run.ExitCode == 0, run.ToString());
        var processes = ToolJson.Of("show", folder.At("x.alloc"), "--family", "--json").GetProperty("processes").EnumerateArray().ToList();
        foreach (var line in run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(';');
            foreach (var (pid, status) in words[1..].Select(Pair))
            {
                // One that became another program is two; the second has the end.
                var lives = processes.FindAll(process => process.GetProperty("process_id").GetInt32() == pid);
                Assert.Equal(status == 3 ? 2 : 1, lives.Count);
                Assert.All(lives[..^1], life => Assert.Equal("unknown", life.GetProperty("ended").GetString()));
                if (words[0] == "late" || TellsOfWaitedFor)
                    Assert.Equal(status < 0 ? ("signalled", -status) : ("exited", status), Ended(lives[^1]));
                else
                    Assert.Equal(("unknown", 0), Ended(lives[^1]));
            }
        }
    }

    [Fact]
    public void An_attached_program_that_is_killed_is_said_to_be()
    {
        Assert.SkipUnless(TellsOfWaitedFor, "this kernel is older than 6.15 and does not tell how a process ended that was waited for");
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys, time\nprint('ready', flush=True)\nwhile True: rows = [bytes(100)]; time.sleep(0.01)");
        using var tool = BuiltTool.Start(["attach", $"{program.Pid}", "-o", folder.At("x.alloc")]);
        while (tool.StandardError.ReadLine() is { } line && !line.Contains("attached to pid", StringComparison.Ordinal)) ;
        using (var process = Process.GetProcessById(program.Pid))
            process.Kill();
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal(("signalled", 9), Ended(ToolJson.Of("show", folder.At("x.alloc"), "--json").GetProperty("program")));
        Assert.Contains("was killed by SIGKILL (9)", tool.StandardError.ReadToEnd(), StringComparison.Ordinal);
    }

    private static (string?, int) Ended(JsonElement process) => process.GetProperty("ended").GetString() switch
    {
        "exited" => ("exited", process.GetProperty("exit_status").GetInt32()),
        "signalled" => ("signalled", process.GetProperty("signal").GetInt32()),
        var other => (other, 0),
    };

    private static (int Pid, int Status) Pair(string words)
    {
        var numbers = words.Trim('(', ')').Split(',');
        return (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }

    private static Version KernelVersion()
    {
        var numbers = File.ReadAllText("/proc/sys/kernel/osrelease").Split('.', '-', '+');
        return new Version(int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
    }
}
