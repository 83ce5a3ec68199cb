using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Collecting;

/// <summary>The collector in a recording, against what the program says of it itself.</summary>
public sealed class RecordedCollectionsTests
{
    /// <summary>All its work first, and then time enough for a last look. What shutdown collects is left out.</summary>
    private const string Program = """
        import gc, json, time
        time.sleep(0.5)
        class Node:
            pass
        def garbage(count):
            for _ in range(count):
                node = Node()
                node.self = node
        gc.disable()
        for _ in range(4):
            garbage(500)
            gc.collect()
            time.sleep(0.02)
        garbage(100)
        gc.collect(0)
        held = [[] for _ in range(400_000)]
        gc.collect()
        print(json.dumps(gc.get_stats()), flush=True)
        time.sleep(1)
        """;

    /// <summary>One interpreter for each way in which CPython keeps the figures; that each is read right is tested on all, from outside.</summary>
    [Theory, InlineData("3.8"), InlineData("3.12"), InlineData("3.14"), InlineData("3.15")]
    public void Collections_are_counted_as_python_counts_them(string name)
    {
        using var folder = new TemporaryFolder();
        var run = BuiltTool.Run("run", "-o", folder.At("x.alloc"), "--python", Interpreters.Find(name).Executable, "-c", Program);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("  Collector ", run.Errors, StringComparison.Ordinal);

        var own = JsonDocument.Parse(run.Output).RootElement.EnumerateArray().Select(Counts).ToList();
        var show = BuiltTool.Run("show", folder.At("x.alloc"), "--json");
        var told = JsonDocument.Parse(show.Output).RootElement.GetProperty("collector").EnumerateArray().ToList();
        Assert.Equal(own.Where(each => each.Collections > 0), told.Select(Counts));

        // The last collection went over 400,000 lists: it lasted, and in the oldest generation nothing lasts longer.
        var oldest = told[^1];
        Assert.InRange(oldest.GetProperty("longest_seconds").GetDouble(), 0.0001, 5);
        Assert.Equal(oldest.GetProperty("collections").GetInt64(), oldest.GetProperty("events").EnumerateArray().Sum(each => each.GetProperty("collections").GetInt64()));
    }

    /// <summary>A fork's child goes on with its parent's counts: what is told of it must be its own.</summary>
    [Theory, InlineData("3.8"), InlineData("3.15")]
    public void Collections_of_children_are_their_own(string name)
    {
        const string program = """
            import gc, os, subprocess, sys, time
            gc.disable()
            def collect(times):
                for _ in range(times):
                    for _ in range(100):
                        lonely = []
                        lonely.append(lonely)
                    del lonely
                    gc.collect()
                    time.sleep(0.02)
            if len(sys.argv) > 1:
                time.sleep(0.5)
                collect(5)
                print("started", gc.get_stats()[2]["collections"], flush=True)
                time.sleep(1)
                os._exit(0)
            time.sleep(0.7)
            collect(2)
            time.sleep(0.5)
            if os.fork() == 0:
                collect(3)
                time.sleep(1)
                os._exit(0)
            os.wait()
            subprocess.call([sys.executable, __file__, "again"])
            """;
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("app.py"), program);
        var run = BuiltTool.Execute(BuiltTool.Path, ["run", "-q", "-o", "x.alloc", "--python", Interpreters.Find(name).Executable, "app.py"], folder: folder.Path);
        Assert.Equal(0, run.ExitCode);
        var ofStarted = long.Parse(run.Output.Split(' ', '\n')[1], System.Globalization.CultureInfo.InvariantCulture);
        var oldest = Directory.GetFiles(folder.Path, "*.alloc").Select(file => JsonDocument.Parse(BuiltTool.Run("show", file, "--json").Output).RootElement)
            .Select(show => show.TryGetProperty("collector", out var collector) ? Counts(collector.EnumerateArray().Last()) : default).ToList();
        Assert.Contains((3, 300, 0), oldest);
        Assert.Contains(oldest, each => each.Collections == ofStarted && each.Collected >= 500);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void An_attached_program_is_told_of_from_then_on(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import gc, sys, time
            gc.disable()
            def collect():
                for _ in range(3):
                    for _ in range(100):
                        lonely = []
                        lonely.append(lonely)
                    del lonely
                    gc.collect()
                    time.sleep(0.02)
            print("ready", flush=True)
            for line in sys.stdin:
                exec(line)
                print("ready", flush=True)
            """);
        program.Ask("collect()");
        var pid = program.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var tool = BuiltTool.Start(["attach", pid, "-o", folder.At("x.alloc")]);
        Assert.StartsWith("hognose: attached to pid", tool.StandardError.ReadLine(), StringComparison.Ordinal);
        program.Ask("time.sleep(1)"); // Until the collector is found.
        program.Ask("collect()");
        program.Ask("time.sleep(0.2)"); // For a last look.
        Assert.Equal(0, BuiltTool.Run("detach", pid).ExitCode);
        Assert.True(tool.WaitForExit(TimeSpan.FromMinutes(1)));

        var told = JsonDocument.Parse(BuiltTool.Run("show", folder.At("x.alloc"), "--json").Output).RootElement.GetProperty("collector").EnumerateArray();
        Assert.Equal((3, 300, 0), Counts(Assert.Single(told)));
        Assert.Equal((0, "", ""), program.Finish());
    }

    private static (long Collections, long Collected, long Uncollectable) Counts(JsonElement one) =>
        (one.GetProperty("collections").GetInt64(), one.GetProperty("collected").GetInt64(), one.GetProperty("uncollectable").GetInt64());
}
