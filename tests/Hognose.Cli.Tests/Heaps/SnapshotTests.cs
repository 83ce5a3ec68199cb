using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary><c>hognose snapshot</c> and the questions about what it keeps: the same answers as about the process, on every interpreter.</summary>
public sealed class SnapshotTests
{
    private const string Program = """
        import collections, gc, sys, weakref
        gc.collect(); gc.disable()
        class Session:
            def __init__(self, rows): self.rows = rows
        class Slot:
            __slots__ = ("payload",)
        class Node: pass
        CACHE = {"secret": Session([bytes(1000) for _ in range(900)])}
        watch = weakref.ref(CACHE["secret"])
        copies = ["copy %d" % (n % 10) for n in range(500)]
        sparse = [[n] * 100 for n in range(50)]
        for each in sparse: del each[1:]
        slot = Slot(); slot.payload = [bytes(1000) for _ in range(800)]
        queue = collections.deque(bytes(1000) for _ in range(700))
        def outer():
            response = [bytes(1000) for _ in range(600)]
            def inner(): return response
            return inner
        inner = outer()
        def produce():
            pending = [bytes(1000) for _ in range(500)]
            yield pending
        producer = produce(); next(producer)
        ring = Node(); ring.child = Node(); ring.child.parent = ring
        for _ in range(100):
            a, b = Node(), Node()
            a.other, b.others = b, [a]
        del a, b
        print("ready", flush=True); sys.stdin.readline()
        CACHE["more"] = Session([bytes(2000) for _ in range(1500)])
        print("ready", flush=True); sys.stdin.readline()
        print(gc.collect()); sys.stdout.flush()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_file_answers_as_the_process_does(string name)
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var (first, second) = (folder.At("first.heap"), folder.At("second.heap"));
        Snapshot(program.Pid, first);
        SameAnswers(["biggest", "--top", "40"], $"{program.Pid}", first, "objects");
        SameAnswers(["why", "__main__.Session"], $"{program.Pid}", first, "ways");
        SameAnswers(["why", "dict"], $"{program.Pid}", first, "ways");
        SameAnswers(["cycles"], $"{program.Pid}", first, "garbage");
        SameAnswers(["cycles"], $"{program.Pid}", first, "live");
        SameAnswers(["heap"], $"{program.Pid}", first, "types");
        using var session = Json("why", first, "__main__.Session");
        var address = session.RootElement.GetProperty("ways")[0].GetProperty("example_address").GetString()!;
        SameAnswers(["refs", address], $"{program.Pid}", first, "referrers");
        SameAnswers(["refs", address], $"{program.Pid}", first, "referents");
        SameAnswers(["tree", address], $"{program.Pid}", first, "top");
        SameAnswers(["cycles"], $"{program.Pid}", first, "collectors");
        SameAnswers(["waste"], $"{program.Pid}", first, "findings");
        SameAnswers(["suspects"], $"{program.Pid}", first, "suspects");
        SameAnswers(["audit"], $"{program.Pid}", first, "types");
        foreach (var part in (string[])["verdict", "parts", "pymalloc", "malloc", "nearly_empty_arenas"])
            SameAnswers(["rss"], $"{program.Pid}", first, part);
        // How many others have a page changes from one moment to the next, what the process has does not.
        Assert.Equal(Mappings($"{program.Pid}"), Mappings(first));

        Assert.Equal("", program.Ask("more"));
        Snapshot(program.Pid, second);
        AssertGrowth(first, second);
        AssertCycles(second);
    }

    [Fact]
    public void Keys_are_in_the_file_only_when_asked_for()
    {
        using var folder = new TemporaryFolder();
        using var program = TargetProgram.StartText(Interpreters.Any, Program);
        var (without, with) = (folder.At("without.heap"), folder.At("with.heap"));
        Snapshot(program.Pid, without);
        Snapshot(program.Pid, with, "--contents");
        Assert.DoesNotContain("secret", Names(without));
        Assert.Contains("CACHE", Names(without));
        Assert.Contains("secret", Names(with));
        using var way = Json("why", with, "__main__.Session", "--contents");
        Assert.Equal("module __main__.CACHE['secret']", way.RootElement.GetProperty("ways")[0].GetProperty("held_by").GetString());

        var none = BuiltTool.Run("why", without, "__main__.Session", "--contents", "--json");
        Assert.Contains("was taken without contents, which are left out: 'hognose snapshot --contents'", Assert.Single(none.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("\"module __main__.CACHE[…]\"", none.Output, StringComparison.Ordinal);

        var cut = folder.At("cut.heap");
        Snapshot(program.Pid, cut, "--contents=3");
        using var beginning = Json("why", cut, "__main__.Session", "--contents");
        Assert.Equal("module __main__.CACHE['sec…']", beginning.RootElement.GetProperty("ways")[0].GetProperty("held_by").GetString());
        // Names are whole, also where another dict has the same text for a key.
        Assert.Contains("path_importer_cache", Names(cut));
        var recording = BuiltTool.Run("show", without);
        Assert.Equal(2, recording.ExitCode);
        Assert.Contains("is no recording of hognose, but a snapshot: 'hognose heap'", recording.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_snapshot_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("x.heap", "no snapshot at all, but long enough");
        foreach (var command in (string[])["heap", "biggest", "cycles"])
        {
            var run = BuiltTool.Run(command, file);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains("is no snapshot of hognose", Assert.Single(run.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
        }
        Assert.Equal(2, BuiltTool.Run("diff", file, folder.At("absent.heap")).ExitCode);
    }

    private static void AssertGrowth(string first, string second)
    {
        using var diff = Json("diff", first, second);
        var holder = diff.RootElement.GetProperty("holders")[0];
        Assert.Equal("module __main__.CACHE", holder.GetProperty("held_by").GetString());
        // 1,500 blocks of 2,000 bytes, each with a head of 33, and whatever holds them.
        Assert.InRange(holder.GetProperty("retained_bytes").GetInt64(), 1500 * 2033, (1500 * 2033) + 20_000);
        var bytes = diff.RootElement.GetProperty("types").EnumerateArray().Single(type => type.GetProperty("type").GetString() == "bytes");
        Assert.InRange(bytes.GetProperty("new_objects").GetInt64(), 1500, 1520);
    }

    private static void AssertCycles(string file)
    {
        using var cycles = Json("cycles", file);
        var garbage = cycles.RootElement.GetProperty("garbage").EnumerateArray()
            .Single(each => each.GetProperty("round").GetString()!.Contains("__main__.Node", StringComparison.Ordinal));
        Assert.Equal("__main__.Node.other → __main__.Node.others → list[0] → __main__.Node", garbage.GetProperty("round").GetString());
        Assert.Equal(100, garbage.GetProperty("cycles").GetInt64());
        Assert.Contains(
            cycles.RootElement.GetProperty("live").EnumerateArray(),
            each => each.GetProperty("round").GetString() is "__main__.Node.child → __main__.Node.parent → __main__.Node");
    }

    private static void SameAnswers(string[] question, string process, string file, string part)
    {
        using var live = Json([question[0], process, .. question[1..]]);
        using var stored = Json([question[0], file, .. question[1..]]);
        Assert.Equal(WithoutName(live, process), WithoutName(stored, file));

        // The next command to type names the heap. A count may be the same number as the process's.
        string WithoutName(JsonDocument document, string name) =>
            Regex.Replace(document.RootElement.GetProperty(part).GetRawText(), $@"(?<=hognose \w+ ){Regex.Escape(name)}(?!\d)", "HEAP");
    }

    private static string Mappings(string heap)
    {
        using var json = Json("rss", heap);
        return string.Join('\n', json.RootElement.GetProperty("mappings").EnumerateArray().Select(each =>
            $"{each.GetProperty("path")} {each.GetProperty("mappings")} {each.GetProperty("resident_bytes")} {each.GetProperty("anonymous_bytes")} {each.GetProperty("swapped_bytes")}"));
    }

    private static HashSet<string> Names(string file)
    {
        using var stream = File.OpenRead(file);
        return [.. Formats.Heap.HeapFileReader.Read(stream, file, []).Names.Select(name => name.Text)];
    }

    private static void Snapshot(int processId, string file, params string[] options)
    {
        var run = BuiltTool.Run(["snapshot", processId.ToString(CultureInfo.InvariantCulture), "-o", file, .. options]);
        Assert.True(run.ExitCode == 0, run.ToString());
    }

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
