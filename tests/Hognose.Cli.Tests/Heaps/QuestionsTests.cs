using System.Globalization;
using System.Text.Json;
using Hognose.Testing;

namespace Hognose.Cli.Tests.Heaps;

/// <summary>Tree, references, audit, waste, suspects and grouped heaps from outside: the built tool on a program that says what is true of it.</summary>
public sealed class QuestionsTests
{
    /// <summary>
    /// What is held, lost to C code (by a reference too many, as a faulty extension leaves it) or spent for nothing, each with its truth by name. Strings are
    /// made at run time so that no constant is shared.
    /// </summary>
    private const string Program = """
        import ctypes, gc, sys, weakref
        gc.disable()
        def tell(name, value): print(name, int(value))
        class Page:
            def __init__(self, rows): self.rows = rows
        class Leaked:
            __slots__ = ("load",)
        class Point:
            def __init__(self, x): self.x, self.y = x, x
        class Pair:
            __slots__ = ("shared",)
        page = Page([i.to_bytes(4, "big") * 750 for i in range(1000)])
        tell("rows", sys.getsizeof(page.rows) + sum(map(sys.getsizeof, page.rows)))
        tell("page", id(page)); tell("rows_id", id(page.rows))
        watcher = weakref.ref(page); tell("watcher", id(watcher))
        keep = ctypes.pythonapi.Py_IncRef; keep.argtypes = [ctypes.py_object]; keep.restype = None
        for i in range(300):
            leaked = Leaked(); leaked.load = bytes(500 + i); keep(leaked)
        tell("leaked", sum(sys.getsizeof(bytes(500 + i)) for i in range(300)) + 300 * sys.getsizeof(leaked)); del leaked
        equal = [("an equal text number %d" % i) + "x" * 1000 for _ in range(50) for i in range(20)]
        tell("equal", sum(map(sys.getsizeof, equal)) - sum(map(sys.getsizeof, equal[:20])))
        tell("equal_group", 49 * max(map(sys.getsizeof, equal)))
        spare = {i: None for i in range(20000)}
        for i in range(19990): del spare[i]
        tell("spare", sys.getsizeof(spare) - sys.getsizeof(dict(list(spare.items()))))
        points = [Point(i) for i in range(1000)]
        for point in points: point.__dict__
        floats = [i * 1.5 for i in range(5000)]; tell("floats", 5000 * sys.getsizeof(1.5))
        empties = [[] for _ in range(3000)]; tell("empties", 3000 * sys.getsizeof([]))
        pairs = [Pair(), Pair()]; pairs[0].shared = pairs[1].shared = bytes(7000)
        tell("pairs", 2 * sys.getsizeof(pairs[0]) + sys.getsizeof(pairs[0].shared))
        print("ready", flush=True); sys.stdin.readline()
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Every_question_is_answered_as_the_program_itself_would(string name)
    {
        using var program = TargetProgram.StartText(Interpreters.Find(name), Program);
        var truth = TruthOf(program);
        var pid = $"{program.Pid}";
        CheckTree(pid, truth);
        CheckReferences(pid, truth);
        CheckHeap(pid, truth);
        CheckAudit(pid, truth);
        CheckWaste(pid, truth);
        CheckSuspects(pid, truth);
        Assert.Equal(0, program.Finish().ExitCode);
    }

    private static void CheckTree(string pid, Dictionary<string, long> truth)
    {
        using var tree = Json("tree", pid, Address(truth["page"]), "--depth", "2", "--top", "3");
        var top = tree.RootElement.GetProperty("top");
        var rows = top.GetProperty("parts")[0];
        Assert.Equal("module __main__.page", top.GetProperty("reference").GetString());
        Assert.Equal((".rows", truth["rows"], "list", 1000L), (
            rows.GetProperty("reference").GetString(), rows.GetProperty("retained_bytes").GetInt64(),
            rows.GetProperty("object").GetProperty("type").GetString(), rows.GetProperty("object").GetProperty("length").GetInt64()));
        Assert.Equal((3, 997L), (rows.GetProperty("parts").GetArrayLength(), rows.GetProperty("other_objects").GetInt64()));

        using var whole = Json("tree", pid);
        var held = whole.RootElement.GetProperty("held_bytes").GetInt64();
        var all = whole.RootElement.GetProperty("top");
        Assert.Equal(held, all.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("retained_bytes").GetInt64()) + all.GetProperty("other_bytes").GetInt64());
    }

    private static void CheckReferences(string pid, Dictionary<string, long> truth)
    {
        using var page = Json("refs", pid, Address(truth["page"]));
        var referrers = Shown(page, "referrers");
        Assert.Contains((".page", "dict", false), referrers);
        Assert.Contains(referrers, each => each is ("weak", _, true));

        using var why = Json("why", pid, Address(truth["page"]));
        Assert.Equal(1, why.RootElement.GetProperty("weak_references").GetInt64());
        Assert.DoesNotContain(why.RootElement.GetProperty("ways").EnumerateArray(), way => way.GetProperty("held_by").GetString()!.Contains("watcher", StringComparison.Ordinal));
        Assert.Contains("1 weak reference leads there, too, and holds nothing", BuiltTool.Run("why", pid, Address(truth["page"])).Output, StringComparison.Ordinal);

        using var rows = Json("refs", pid, Address(truth["rows_id"]), "--top", "5");
        Assert.Equal(".rows", Assert.Single(Shown(rows, "referrers")).Name);
        Assert.Equal(5, Shown(rows, "referents").Count);
        Assert.Equal(1000, rows.RootElement.GetProperty("referents").GetProperty("objects").GetInt64());
        Assert.All(Shown(rows, "referents"), each => Assert.Matches(@"^\[\d+\]$", each.Name));
    }

    private static void CheckHeap(string pid, Dictionary<string, long> truth)
    {
        using var pairs = Json("heap", pid, "--type", "__main__.Pair", "--retained");
        var pair = Assert.Single(pairs.RootElement.GetProperty("types").EnumerateArray());
        Assert.Equal((2L, truth["pairs"], false), (
            pair.GetProperty("objects").GetInt64(), pair.GetProperty("retained_bytes").GetInt64(), pair.GetProperty("retained_is_at_least").GetBoolean()));

        using var modules = Json("heap", pid, "--by", "module", "--sort", "count");
        var own = modules.RootElement.GetProperty("groups").EnumerateArray().Single(group => group.GetProperty("name").GetString() == "__main__");
        Assert.Equal(300 + 1000 + 2 + 1, own.GetProperty("objects").GetInt64());

        using var sizes = Json("heap", pid, "--by", "size", "--min", "7000", "--type", "bytes");
        Assert.NotEmpty(sizes.RootElement.GetProperty("groups").EnumerateArray());
        Assert.All(sizes.RootElement.GetProperty("groups").EnumerateArray(), group => Assert.True(group.GetProperty("largest_bytes").GetInt64() >= 8192));
    }

    private static void CheckAudit(string pid, Dictionary<string, long> truth)
    {
        using var audit = Json("audit", pid);
        var types = audit.RootElement.GetProperty("types").EnumerateArray().ToList();
        var leaked = types.Single(type => type.GetProperty("type").GetString() == "__main__.Leaked");
        Assert.Equal((300L, 300L, 300L, truth["leaked"]), (
            leaked.GetProperty("objects").GetInt64(), leaked.GetProperty("alone").GetInt64(), leaked.GetProperty("references").GetInt64(),
            leaked.GetProperty("retained_bytes").GetInt64()));
        Assert.DoesNotContain(types, type => type.GetProperty("type").GetString() is "__main__.Page" or "__main__.Point" or "__main__.Pair");
    }

    private static void CheckWaste(string pid, Dictionary<string, long> truth)
    {
        using var waste = Json("waste", pid);
        var findings = waste.RootElement.GetProperty("findings").EnumerateArray()
            .ToDictionary(finding => (finding.GetProperty("kind").GetString()!, finding.GetProperty("type").GetString()!));
        // The interpreter has equal strings and empty containers of its own.
        Assert.True(Saved("equal_contents", "str") >= truth["equal"]);
        Assert.Equal(truth["equal_group"], findings[("equal_contents", "str")].GetProperty("example_saved_bytes").GetInt64());
        Assert.True(Saved("empty_containers", "list") >= truth["empties"]);
        Assert.True(Saved("number_objects", "list of float") >= truth["floats"]);
        // Python's own copy was grown ahead of need, to at most the next size of table.
        Assert.InRange(findings[("spare_storage", "dict")].GetProperty("example_saved_bytes").GetInt64(), truth["spare"] - 400, truth["spare"] + 400);
        Assert.Equal("module __main__.spare", findings[("spare_storage", "dict")].GetProperty("example_held_by").GetString());
        Assert.Equal(1000, findings[("instance_dicts", "__main__.Point")].GetProperty("objects").GetInt64());
        Assert.DoesNotContain("equal text", waste.RootElement.GetRawText(), StringComparison.Ordinal);

        long Saved(string kind, string type) => findings[(kind, type)].GetProperty("saved_bytes").GetInt64();
    }

    private static void CheckSuspects(string pid, Dictionary<string, long> truth)
    {
        using var suspects = Json("suspects", pid);
        var first = suspects.RootElement.GetProperty("suspects")[0];
        Assert.Equal(("big_object", "module __main__.page.rows", truth["rows"]), (
            first.GetProperty("kind").GetString(), first.GetProperty("held_by").GetString(), first.GetProperty("bytes").GetInt64()));
        Assert.Equal($"hognose tree {pid} {Address(truth["rows_id"])}", first.GetProperty("command").GetString());
    }

    [Theory]
    [InlineData("no object stands at 0x10", "tree", "0x10")]
    [InlineData("no object stands at 0x10", "refs", "0x10")]
    [InlineData("'dict' is no address", "refs", "dict")]
    [InlineData("'some' is no size", "heap", "--min", "some")]
    [InlineData("'colour' is no value of option '--by'", "heap", "--by", "colour")]
    [InlineData("cannot list 0 levels", "tree", "--depth", "0")]
    public void What_cannot_be_asked_is_said_in_one_line(string says, string command, params string[] arguments)
    {
        using var program = TargetProgram.StartText(Interpreters.Any, "import sys; print('ready', flush=True); sys.stdin.readline()");
        var run = BuiltTool.Run([command, $"{program.Pid}", .. arguments]);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(says, run.Errors, StringComparison.Ordinal);
    }

    private static List<(string Name, string Type, bool IsWeak)> Shown(JsonDocument document, string direction) =>
        [.. document.RootElement.GetProperty(direction).GetProperty("shown").EnumerateArray().Select(each => (
            each.GetProperty("name").GetString()!, each.GetProperty("object").GetProperty("type").GetString()!, each.GetProperty("is_weak").GetBoolean()))];

    private static string Address(long address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");

    private static Dictionary<string, long> TruthOf(TargetProgram program) => program.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => long.Parse(parts[1], CultureInfo.InvariantCulture));

    private static JsonDocument Json(params string[] arguments)
    {
        var run = BuiltTool.Run([.. arguments, "--json"]);
        Assert.True(run.ExitCode == 0 && run.Errors.Length == 0, run.ToString());
        return JsonDocument.Parse(run.Output);
    }
}
