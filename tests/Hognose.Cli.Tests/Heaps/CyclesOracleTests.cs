using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>What <c>hognose cycles</c> says against CPython itself: a forked copy of the program collects, and tells what it found.</summary>
public sealed class CyclesOracleTests
{
    /// <summary>
    /// Truth: what gc.collect() returns, how many of these were uncollectable, what another collection finds once gc.unfreeze() let go the frozen ones; then
    /// what the collector says of itself. Generators that wait are left out: closing one frees it before gc.collect() counts. Up to 3.10 an instance's dict is an object of its own, so numbers differ from version to version.
    /// </summary>
    private const string Program = """
        import gc, os, sys
        gc.collect(); gc.disable()
        class Node: pass
        class Finalized:
            def __del__(self): pass
        class Slots: __slots__ = ("a", "b")
        def tell():
            reader, writer = os.pipe()
            if os.fork() == 0:
                found = gc.collect()
                uncollectable = gc.get_stats()[-1]["uncollectable"]
                gc.set_debug(0); gc.unfreeze()
                os.write(writer, b"%d %d %d" % (found, uncollectable, gc.collect()))
                os._exit(0)
            os.wait(); os.close(writer)
            print(os.read(reader, 100).decode(), gc.get_freeze_count(), gc.get_debug(), len(gc.garbage), *gc.get_threshold(), gc.get_stats()[-1]["collections"])
            os.close(reader)
            print("ready", flush=True); sys.stdin.readline()
        def pairs(count, one, other):
            for _ in range(count):
                a, b = one(), other()
                a.a, b.a = b, [a, {"key": (a, b)}, "text %d" % count, 1.5]
        def raised():
            try: 1 / 0
            except ZeroDivisionError as error: kept = error
        def closed():
            def inner(): return inner
        pairs(100, Node, Node); pairs(50, Finalized, Slots)
        for _ in range(20): raised(); closed()
        itself = []; itself.append(itself); del itself
        tell()
        gc.collect(); pairs(10, Node, Slots); gc.freeze(); pairs(7, Node, Node)
        tell()
        gc.unfreeze(); gc.set_debug(gc.DEBUG_SAVEALL); gc.collect(); pairs(3, Node, Node)
        tell()
        gc.set_debug(0); gc.garbage.clear(); gc.collect()
        try: from _testcapi import with_tp_del
        except ImportError: with_tp_del = None
        if with_tp_del:
            @with_tp_del
            class Old:
                def __tp_del__(self): pass
            gc.collect()
            a, b = Old(), Node(); a.b, b.a = b, a; del a, b
            pairs(4, Node, Node)
        tell()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Garbage_is_what_a_copy_of_the_program_collects(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        using var folder = new TemporaryFolder();
        MustBe(program.Truth, program.Pid, folder, frozen: false);
        MustBe(program.Ask("freeze"), program.Pid, folder, frozen: true);
        MustBe(program.Ask("save all"), program.Pid, folder, frozen: false);
        MustBe(program.Ask("old finalizers"), program.Pid, folder, frozen: false);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    private static void MustBe(string told, int processId, TemporaryFolder folder, bool frozen)
    {
        var truth = told.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(each => long.Parse(each, CultureInfo.InvariantCulture)).ToArray();
        using var live = Cycles(processId.ToString(CultureInfo.InvariantCulture));
        var file = folder.At("cycles.heap");
        var snapshot = BuiltTool.Run("snapshot", processId.ToString(CultureInfo.InvariantCulture), "-o", file);
        Assert.True(snapshot.ExitCode == 0, snapshot.ToString());
        using var stored = Cycles(file);
        foreach (var part in (string[])["totals", "garbage", "kept", "live", "collectors"])
            Assert.Equal(live.RootElement.GetProperty(part).GetRawText(), stored.RootElement.GetProperty(part).GetRawText());

        var totals = live.RootElement.GetProperty("totals");
        var kept = live.RootElement.GetProperty("kept").EnumerateArray().ToDictionary(each => each.GetProperty("reason").GetString()!);
        var savesAll = (truth[4] & 32) != 0;
        // What a collection puts into gc.garbage it counts as found, too.
        Assert.Equal(truth[0] - (savesAll ? 0 : truth[1]), totals.GetProperty("garbage_objects_tracked").GetInt64());
        Assert.Equal(savesAll, totals.GetProperty("saves_all").GetBoolean());
        Assert.Equal(truth[5], totals.GetProperty("in_gc_garbage").GetInt64());
        Assert.Equal(frozen, kept.ContainsKey("frozen"));
        Assert.Equal(truth[1] > 0 && !savesAll, kept.ContainsKey("old_finalizer"));
        if (kept.TryGetValue("old_finalizer", out var old))
            Assert.Equal((truth[1], "__main__.Old"), (old.GetProperty("objects").GetInt64(), old.GetProperty("type").GetString()));

        var collector = live.RootElement.GetProperty("collectors")[0];
        Assert.Equal((truth[3], truth[4]), (collector.GetProperty("frozen_objects").GetInt64(), collector.GetProperty("debug_flags").GetInt64()));
        Assert.False(collector.GetProperty("is_enabled").GetBoolean());
        var generations = collector.GetProperty("generations").EnumerateArray().ToList();
        Assert.Equal(truth[6..9], generations.Select(each => each.GetProperty("threshold").GetInt64()));
        Assert.Equal(truth[9], generations[^1].GetProperty("collections").GetInt64());
    }

    private static JsonDocument Cycles(string heap)
    {
        var run = BuiltTool.Run("cycles", heap, "--json");
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
