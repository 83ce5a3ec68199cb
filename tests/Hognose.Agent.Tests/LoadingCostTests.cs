using System.Globalization;
using Hognose.Testing;

namespace Hognose.Agent.Tests;

/// <summary>What a program pays for the agent before its first line. Time is measured by bench/start, not here.</summary>
public class LoadingCostTests
{
    private const int Runs = 7;
    private const long MegaByte = 1_000_000;

    /// <summary>
    /// Written first and last of all: threads, masks of caught and ignored signals, resident KiB: of no file, and of ours. How much of the interpreter's files is
    /// mapped follows from what the page cache holds.
    /// </summary>
    private const string Program = """
        status = dict(line.rstrip().split(":", 1) for line in open("/proc/self/status"))
        resident, ours = int(status["RssAnon"].split()[0]), False
        for line in open("/proc/self/smaps"):
            words = line.split()
            if not words[0].endswith(":"):
                ours = "hognose_agent" in line or "memfd:hognose" in line
            elif ours and words[0] in ("Rss:", "Anonymous:"):
                resident += int(words[1]) * (1 if words[0] == "Rss:" else -1)
        print(status["Threads"].strip(), status["SigCgt"].strip(), status["SigIgn"].strip(), resident)
        """;

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Loading_the_agent_adds_no_thread_and_no_signal_handler_and_little_memory(string name)
    {
        var python = Interpreters.Find(name);
        using var folder = new TemporaryFolder();
        var plain = new List<string[]>();
        var recorded = new List<string[]>();
        for (var run = 0; run < Runs; run++)
        {
            plain.Add(Said(BuiltTool.Execute(python.Executable, ["-c", Program])));
            recorded.Add(Said(BuiltTool.Run("run", "-q", "-o", folder.At("x.alloc"), "--python", python.Executable, "-c", Program)));
        }

        Assert.All(recorded, each => Assert.Equal(plain[0][..3], each[..3]));
        var resident = (Median(recorded, 3) - Median(plain, 3)) * 1024;
        Assert.True(resident <= 2 * MegaByte, $"{resident} bytes more are resident");
    }

    private static string[] Said(ToolRun run)
    {
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }

    private static double Median(List<string[]> runs, int column) =>
        runs.Select(run => double.Parse(run[column], CultureInfo.InvariantCulture)).Order().ElementAt(runs.Count / 2);
}
