using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Collecting;

/// <summary>What <c>hognose gc PID</c> reads is what the module gc of that process says.</summary>
public class CollectorFromOutsideTests
{
    private const string Program = """
        import gc, json, sys
        gc.set_threshold(100000, 7, 9)
        gc.set_debug(gc.DEBUG_SAVEALL)
        gc.callbacks.append(lambda *_: None)
        def say():
            # Not json.dumps: what it allocates would change the counts between the asking and the printing.
            sys.stdout.flush()
            print(*(list(gc.get_threshold()) + [number for each in gc.get_stats() for number in (each["collections"], each["collected"], each["uncollectable"])]
                    + [len(gc.garbage), len(gc.callbacks), gc.get_debug(), int(gc.isenabled())]), flush=True)
            print("ready", flush=True)
        x = []; x.append(x); del x
        for generation in (0, 0, 0, 1, 1, 2):
            gc.collect(generation)
        say()
        for line in sys.stdin:
            exec(line)
            say()
        """;

    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Thresholds_statistics_flags_and_garbage_are_those_of_the_module_gc(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        Same(program, program.Truth);

        Same(program, program.Ask("gc.disable(); gc.set_threshold(123456, 0, 2); gc.set_debug(0); gc.garbage.clear(); gc.callbacks.clear(); gc.collect()"));
        Same(program, program.Ask("gc.freeze(); [gc.collect(i % 3) for i in range(40)]"));
    }

    /// <summary>Counts change with every allocation, so the program holds still in a call of C that was begun before it asked.</summary>
    [Theory]
    [ClassData(typeof(AllInterpreters))]
    public void Collections_are_told_as_they_come_until_the_process_ends(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var watch = BuiltTool.Start(["gc", program.Pid.ToString(CultureInfo.InvariantCulture), "--interval", "0.02"]);
        var lines = new List<string>();
        ReadUntil(watch, lines, "gc.garbage holds");
        Assert.Contains(lines, line => line.Contains("The collector is on, gc.set_debug(DEBUG_SAVEALL).", StringComparison.Ordinal));

        program.Ask("gc.set_debug(0); x = [[] for _ in range(321)]; [each.append(each) for each in x]; del x, line; gc.collect(1)");
        ReadUntil(watch, lines, "generation 1  1 collection, ");
        Assert.Contains(" objects collected", lines[^1], StringComparison.Ordinal);
        program.Finish();

        Assert.True(watch.WaitForExit(TimeSpan.FromMinutes(1)));
        Assert.Equal((0, ""), (watch.ExitCode, watch.StandardError.ReadToEnd()));
    }

    [Fact]
    public void A_process_is_read_while_it_collects_without_end_and_goes_on()
    {
        using var program = TargetProgram.StartText(Interpreters.Any, """
            import gc, threading, sys, time
            stop = []
            def churn():
                while not stop:
                    x = [[] for _ in range(1000)]
                    for each in x: each.append(each)
                    del x, each
                    gc.collect()
            thread = threading.Thread(target=churn)
            thread.start()
            print("ready", flush=True)
            sys.stdin.read()
            stop.append(1)
            thread.join()
            print("whole")
            """);
        for (var turn = 0; turn < 20; turn++)
        {
            var run = BuiltTool.Run("gc", program.Pid.ToString(CultureInfo.InvariantCulture), "--once", "--json");
            Assert.True(run.ExitCode == 0, run.ToString());
            Assert.True(JsonDocument.Parse(run.Output).RootElement.GetProperty("interpreters")[0].GetProperty("generations")[2].GetProperty("collections").GetInt64() > 0);
        }
        Assert.Equal("whole\n", program.Finish().Output);
    }

    [Theory]
    [InlineData("no program and no pid", "gc")]
    [InlineData("no process with pid 4194304", "gc", "4194304")]
    [InlineData("'x' is no interval", "gc", "1", "--interval", "x")]
    [InlineData("one word too many", "gc", "1", "2")]
    [InlineData("there is no generation 3", "gc", "--generation", "3", "-c", "1")]
    [InlineData("are for running programs", "gc", "--once", "-c", "1")]
    [InlineData("are for programs that hognose runs", "gc", "--generation", "1", "1")]
    [InlineData("no script 'nowhere.py'", "gc", "nowhere.py")]
    public void Bad_input_is_one_line(string words, params string[] arguments)
    {
        var run = BuiltTool.Run(arguments);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("hognose: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.Errors.Count(each => each == '\n'));
        Assert.Contains(words, run.Errors, StringComparison.Ordinal);
    }

    private static void Same(TargetProgram program, string truth)
    {
        var run = BuiltTool.Run("gc", program.Pid.ToString(CultureInfo.InvariantCulture), "--once", "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        var state = JsonDocument.Parse(run.Output).RootElement.GetProperty("interpreters")[0];
        var generations = state.GetProperty("generations").EnumerateArray().ToList();
        long[] read =
        [
            .. generations.Select(each => each.GetProperty("threshold").GetInt64()),
            .. generations.SelectMany(each => ((string[])["collections", "collected_objects", "uncollectable_objects"]).Select(figure => each.GetProperty(figure).GetInt64())),
            state.GetProperty("garbage_objects").GetInt64(),
            state.GetProperty("callbacks").GetInt64(),
            state.GetProperty("debug_flags").GetInt64(),
            state.GetProperty("is_enabled").GetBoolean() ? 1 : 0,
        ];
        Assert.Equal(truth.Trim().Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)), read);
    }

    private static void ReadUntil(Process watch, List<string> lines, string words)
    {
        while (watch.StandardOutput.ReadLine() is { } line)
        {
            lines.Add(line);
            if (line.Contains(words, StringComparison.Ordinal))
                return;
        }
        Assert.Fail($"'{words}' was never said:\n{string.Join('\n', lines)}\n{watch.StandardError.ReadToEnd()}");
    }
}
