using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>Likely causes on every interpreter: who keeps a frame, what can have no slots, what a StringIO gathers, garbage that is frozen.</summary>
public sealed class SuspectsTests
{
    /// <summary>Nothing keeps an exception. The truth: whether CPython refuses slots of what derives from Kind and from ABCMeta; characters that the StringIOs gathered.</summary>
    private const string Program = """
        import abc, gc, io, sys
        gc.disable()
        def rows(n):
            buffer = bytearray(20000)
            for i in range(n): yield i
        GENERATORS = [rows(9) for _ in range(400)]
        for each in GENERATORS: next(each)
        class Kind(int):
            def __new__(cls, value, name):
                self = int.__new__(cls, value); self.name = name; return self
        class Plain:
            def __init__(self, x): self.x = x
        KINDS = [Kind(i + 1000, "kind %d" % i) for i in range(3000)]
        PLAINS = [Plain(i) for i in range(3000)]
        for each in KINDS + PLAINS: each.__dict__
        CLASSES = [abc.ABCMeta("Class%d" % i, (), {"a": i}) for i in range(100)]
        def refuses(base):
            try: type(base)("Slotted", (base,), {"__slots__": ("name",)})
            except TypeError: return 1
            return 0
        TEXTS = [io.StringIO() for _ in range(3)]
        for text in TEXTS:
            for k in range(20): text.write("%d " % k * 5000)
        print(refuses(Kind), refuses(abc.ABCMeta), refuses(Plain), sum(text.tell() for text in TEXTS))
        del each, text
        print("ready", flush=True); sys.stdin.readline()
        """;

    /// <summary>Threads with a list each of their own, and mappings that no size of an object counts.</summary>
    private const string Threads = """
        import mmap, sys, threading
        started = threading.Barrier(21)
        def work(i):
            chunk = ["text %d of %d" % (k, i) for k in range(5000)]
            started.wait()
            threading.Event().wait()
        for i in range(20): threading.Thread(target=work, args=(i,), daemon=True).start()
        started.wait()
        MAPS = [mmap.mmap(-1, 1 << 20) for _ in range(40)]
        for at in range(40): MAPS[at].write(b"x" * (1 << 20))
        print("ready", flush=True); sys.stdin.readline()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Calls_under_way_and_mappings_are_causes(string name)
    {
        const long mapped = 40 << 20;
        using var program = TargetProgram.StartText(Interpreters.Find(name), Threads);
        var pid = $"{program.Pid}";

        using var suspects = Json("suspects", pid);
        var causes = suspects.RootElement.GetProperty("suspects").EnumerateArray().ToList();
        Assert.Equal(["owned_memory", "running_calls"], causes.Select(cause => cause.GetProperty("kind").GetString()).Order());
        var owned = causes.Single(cause => cause.GetProperty("kind").GetString() == "owned_memory");
        Assert.Equal(("mmap.mmap", 40, mapped, "module __main__.MAPS[i]"), (
            owned.GetProperty("type").GetString(), owned.GetProperty("objects").GetInt32(), owned.GetProperty("bytes").GetInt64(), owned.GetProperty("held_by").GetString()));
        var calls = causes.Single(cause => cause.GetProperty("kind").GetString() == "running_calls");
        Assert.Equal(("list", 20), (calls.GetProperty("type").GetString(), calls.GetProperty("objects").GetInt32()));
        Assert.Contains("work", calls.GetProperty("function").GetString(), StringComparison.Ordinal);
        Assert.True(calls.GetProperty("bytes").GetInt64() >= 20 * 5000 * 60);

        using var resident = Json("rss", pid);
        Assert.Equal(("owned", mapped), (resident.RootElement.GetProperty("verdict").GetProperty("kind").GetString(), resident.RootElement.GetProperty("verdict").GetProperty("bytes").GetInt64()));
        Assert.Equal(mapped, resident.RootElement.GetProperty("parts").EnumerateArray().Single(part => part.GetProperty("kind").GetString() == "shared_of_objects").GetProperty("resident_bytes").GetInt64());

        using var why = Json("why", pid, "str");
        var way = why.RootElement.GetProperty("ways")[0];
        Assert.Equal(100_000, way.GetProperty("objects").GetInt64());
        Assert.StartsWith("threads \"Thread-", way.GetProperty("held_by").GetString(), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Causes_are_those_of_the_program(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var truth = program.Truth.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(each => long.Parse(each, CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal([1, 1, 0], truth[..3]);
        var pid = $"{program.Pid}";

        using var suspects = Json("suspects", pid);
        var causes = suspects.RootElement.GetProperty("suspects").EnumerateArray().SelectMany(each => each.GetProperty("parts").EnumerateArray().Prepend(each)).ToList();
        Assert.DoesNotContain(causes, cause => cause.GetProperty("kind").GetString() is "kept_tracebacks" or "kept_frames");
        var generators = Assert.Single(causes, cause => cause.GetProperty("kind").GetString() == "suspended_functions");
        Assert.Equal(("generator", "rows"), (generators.GetProperty("type").GetString(), generators.GetProperty("function").GetString()));
        // Modules that the interpreter imports at its start may have one, too.
        Assert.True(generators.GetProperty("objects").GetInt64() >= 400);
        Assert.True(generators.GetProperty("bytes").GetInt64() >= 400 * 20_000);

        using var waste = Json("waste", pid);
        var dicts = waste.RootElement.GetProperty("findings").EnumerateArray().Where(finding => finding.GetProperty("kind").GetString() == "instance_dicts").Select(finding => finding.GetProperty("type").GetString()).ToList();
        Assert.Contains("__main__.Plain", dicts);
        Assert.DoesNotContain("__main__.Kind", dicts);
        Assert.DoesNotContain("abc.ABCMeta", dicts);

        using var why = Json("why", pid, "str");
        var gathered = why.RootElement.GetProperty("ways").EnumerateArray().Where(way => way.GetProperty("held_by").GetString()!.StartsWith("module __main__.TEXTS[i] → ", StringComparison.Ordinal));
        Assert.True(gathered.Sum(way => way.GetProperty("shallow_bytes").GetInt64()) >= truth[3]);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Frozen_garbage_is_said_to_be_frozen_by_every_command(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), """
            import gc, sys
            gc.collect(); gc.disable()
            class Lost: pass
            def lose():
                for _ in range(300):
                    lost = Lost(); lost.me = lost; lost.load = bytearray(20000)
            lose(); gc.freeze()
            print("ready", flush=True); sys.stdin.readline()
            """);
        var pid = $"{program.Pid}";
        using var suspects = Json("suspects", pid);
        var first = suspects.RootElement.GetProperty("suspects")[0];
        using var biggest = Json("biggest", pid);
        var totals = biggest.RootElement.GetProperty("totals");
        Assert.Equal(
            ("frozen_garbage", totals.GetProperty("kept_garbage_bytes").GetInt64(), totals.GetProperty("kept_garbage_objects").GetInt64()),
            (first.GetProperty("kind").GetString(), first.GetProperty("bytes").GetInt64(), first.GetProperty("objects").GetInt64()));
        Assert.True(totals.GetProperty("kept_garbage_bytes").GetInt64() >= 300 * 20_000);
        using var why = Json("why", pid, "Lost");
        var way = Assert.Single(why.RootElement.GetProperty("ways").EnumerateArray());
        Assert.Equal((300, true), (way.GetProperty("objects").GetInt64(), way.GetProperty("held_by").GetString()!.Contains("gc.unfreeze() and then gc.collect()", StringComparison.Ordinal)));
        using var rss = Json("rss", pid);
        Assert.Equal("frozen_garbage", rss.RootElement.GetProperty("verdict").GetProperty("kind").GetString());
        Assert.Equal(0, program.Finish().ExitCode);
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
