using System.Diagnostics;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Harm;

/// <summary>Whatever happens to <c>hognose heap</c>, the program that it reads goes on as if nothing had been.</summary>
public sealed class HeapHarmTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Four threads that change the heap all the time, and enough of it that a pause lasts a while; then it proves its work.</summary>
    private const string Mutator = """
        import sys, threading
        ballast = [bytes(1000) for _ in range(150_000)]
        stop = threading.Event()
        wrong = []
        def work(seed):
            rows = {}
            n = 0
            while not stop.is_set():
                n += 1
                rows[n % 997] = [str(n), (n, n + 1), {"n": n}]
                row = rows.get((n * 7) % 997)
                if row is not None and row[0] != str(row[2]["n"]): wrong.append(row)
        threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
        for t in threads: t.start()
        print("ready", flush=True); sys.stdin.readline()
        stop.set()
        for t in threads: t.join()
        print("intact", not wrong, sum(map(len, ballast)))
        """;

    private const string Intact = "intact True 150000000\n";

    [Theory, ClassData(typeof(SpreadInterpreters))]
    public void The_program_outlives_a_tool_killed_at_any_moment(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Mutator);
        var random = new Random(20261122);
        for (var moment = 0; moment < 16; moment++)
        {
            using var tool = BuiltTool.Start(Heap(program, fork: moment % 2 == 1));
            Thread.Sleep(random.Next(0, 250));
            tool.Kill();
            tool.WaitForExit();
            AssertGoesOn(program);
        }
        AssertIntact(program);
    }

    [Theory, InlineData("KILL"), InlineData("INT"), InlineData("TERM")]
    public void The_program_outlives_a_tool_that_ends_while_the_program_stands_still(string signal)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, Mutator);
        var caught = 0;
        for (var i = 0; i < 20; i++)
        {
            using var tool = BuiltTool.Start(Heap(program, fork: i % 2 == 1));
            if (SpinWait.SpinUntil(() => tool.HasExited || StateOf(program) == 't', Patience) && !tool.HasExited)
            {
                caught++;
                using var kill = Process.Start("kill", [$"-{signal}", $"{tool.Id}"]);
                kill.WaitForExit();
            }
            Assert.True(tool.WaitForExit(Patience), $"the tool did not end by SIG{signal}");
            AssertGoesOn(program);
        }
        Assert.True(caught > 0, "the program was never seen standing still");
        AssertIntact(program);
    }

    [Fact]
    public void A_busy_program_with_threads_gives_the_same_result_with_and_without_us()
    {
        using var untouched = TargetProgram.StartText(Interpreters.Any, Mutator);
        AssertIntact(untouched);
        using var program = TargetProgram.StartText(Interpreters.Any, Mutator);
        for (var i = 0; i < 5; i++)
        {
            var run = BuiltTool.Run("heap", $"{program.Pid}");
            Assert.True(run.ExitCode == 0, run.ToString());
            AssertGoesOn(program);
        }
        AssertIntact(program);
    }

    [Fact]
    public void A_program_stopped_by_a_signal_is_read_and_stays_stopped()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline(); print('done')");
        Signal(program, "STOP");
        Assert.True(SpinWait.SpinUntil(() => StateOf(program) == 'T', Patience));
        var run = BuiltTool.Run("heap", $"{program.Pid}");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(SpinWait.SpinUntil(() => StateOf(program) == 'T', Patience));
        Signal(program, "CONT");
        Assert.Equal("done\n", program.Finish().Output);
    }

    [Fact]
    public void A_program_that_is_collecting_all_the_time_is_read()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import gc, sys, threading
            kept = [{"n": [i]} for i in range(200_000)]
            stop = threading.Event()
            def collect():
                while not stop.is_set(): gc.collect()
            t = threading.Thread(target=collect); t.start()
            print("ready", flush=True); sys.stdin.readline(); stop.set(); t.join(); print(len(kept))
            """);
        var run = BuiltTool.Run("heap", $"{program.Pid}", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        using var json = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("name").GetString() == "dict").GetProperty("objects").GetInt64() >= 200_000);
        Assert.Equal("200000\n", program.Finish().Output);
    }

    private static string[] Heap(TargetProgram program, bool fork) => fork ? ["heap", $"{program.Pid}", "--fork"] : ["heap", $"{program.Pid}"];

    private static void AssertGoesOn(TargetProgram program) =>
        Assert.True(
            SpinWait.SpinUntil(() => StateOf(program) is not 't' && Status(program, "TracerPid") == "0", Patience),
            $"the program is left in state {StateOf(program)}, traced by {Status(program, "TracerPid")}");

    private static void AssertIntact(TargetProgram program)
    {
        var (exitCode, output, errors) = program.Finish();
        Assert.Equal((0, Intact, ""), (exitCode, output, errors));
    }

    private static char StateOf(TargetProgram program) => Status(program, "State")[0];

    private static string Status(TargetProgram program, string field) =>
        File.ReadLines($"/proc/{program.Pid}/status").First(line => line.StartsWith(field + ":", StringComparison.Ordinal))[(field.Length + 1)..].Trim();

    private static void Signal(TargetProgram program, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{program.Pid}"]);
        kill.WaitForExit();
    }
}
