using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Recording.Ring;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Spectre.Console.Testing;

namespace Hognose.Agent.Tests;

/// <summary>More stacks or more code than there is room for: no allocation is lost, and what is less exact is counted and said.</summary>
public class FullTablesTests
{
    /// <summary>300 functions of names and lines of their own, each with 20 lines that keep a block of 2,000 bytes and more.</summary>
    private const string ManyPlaces = """
        kept = []
        for number in range(300):
            scope = {"kept": kept}
            body = "".join("\n    kept.append(bytearray(2000))" for line in range(20))
            exec(compile("def function_%d():%s\nfunction_%d()" % (number, body, number), "<made %d>" % number, "exec"), scope)
        assert len(kept) == 6000
        """;

    private const int Kept = 6000;

    /// <summary>The data itself: PyByteArray_Resize asks for one byte more than it needs for the zero at its end.</summary>
    private const int BytesOfEach = 2001;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_full_trie_counts_what_it_cannot_name_at_the_nearest_caller(string name)
    {
        var python = Interpreters.Find(name);
        var small = StackRoom.Whole with { Nodes = 4000 };

        var recording = SmallRoom.Record(python, ManyPlaces, small);

        MustBeWhole(recording);
        Assert.InRange(recording.Stacks.Count, 1000, (int)small.Nodes);
        Assert.True(recording.Facts.TruncatedStacks >= 1000, $"{recording.Facts.TruncatedStacks} times");
        Assert.Equal(0, recording.Facts.UndescribedCodes);
        Assert.Contains($"found the agent's table full {recording.Facts.TruncatedStacks:N0} times: counted at its nearest known caller", Report(recording), StringComparison.Ordinal);
        Assert.Equal(recording.Facts.TruncatedStacks, Json(recording, "truncated_stacks"));
        Assert.Equal(0, SmallRoom.Record(python, ManyPlaces, StackRoom.Whole).Facts.TruncatedStacks);
    }

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_full_code_area_shows_functions_as_unknown(string name)
    {
        var python = Interpreters.Find(name);
        var small = StackRoom.Whole with { CodeBytes = 60_000 };

        var recording = SmallRoom.Record(python, ManyPlaces, small);

        MustBeWhole(recording);
        Assert.InRange(recording.Facts.UndescribedCodes, 100, 10_000);
        Assert.Equal(0, recording.Facts.TruncatedStacks);
        Assert.Contains(recording.Stacks.Frames, frame => frame is { File: "?", Function: "?" });
        Assert.Contains($"{recording.Facts.UndescribedCodes:N0} functions too many for the agent's table: shown as ?", Report(recording), StringComparison.Ordinal);
        Assert.Equal(recording.Facts.UndescribedCodes, Json(recording, "undescribed_functions"));
        Assert.Equal(0, SmallRoom.Record(python, ManyPlaces, StackRoom.Whole).Facts.UndescribedCodes);
    }

    /// <summary>
    /// 80,000 places in 100 functions, then 2,000 functions, called when there is no address space for larger tables: an interpreter that begins leaves the tables with slots for 65,536 places and
    /// 2,048 functions at most. The pools that are made free before have room for what the program itself needs.
    /// </summary>
    private const string ShortOfMemory = """
        import resource
        scope = {}
        for number in range(2100):
            exec(compile("def function_%d():%s" % (number, "\n    row = bytes(40)" * (800 if number < 100 else 1)), "<made %d>" % number, "exec"), scope)
        functions = [scope["function_%d" % number] for number in range(2100)]
        spare = [bytes(size) for size in range(8, 500, 16) for _ in range(1500)]
        del spare[1::2], spare[1::2], spare[1::2], spare[1::2], spare[1::2]
        resource.setrlimit(resource.RLIMIT_AS, (1 << 20, resource.RLIM_INFINITY))
        for function in functions:
            function()
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void Tables_that_cannot_grow_are_full(string name)
    {
        var recording = SmallRoom.Record(Interpreters.Find(name), ShortOfMemory, StackRoom.Whole);

        Assert.Equal(("", 0, 0), (recording.Facts.StoppedBecause, recording.Facts.LostEvents, recording.Facts.DuplicateAllocations));
        Assert.True(recording.Facts.TruncatedStacks >= 1000, $"{recording.Facts.TruncatedStacks} times");
        Assert.True(recording.Facts.UndescribedCodes >= 100, $"{recording.Facts.UndescribedCodes} times");
    }

    /// <summary>
    /// Seven hundred generators, each within the next: remembered one by one, and then all to be walked anew at once, under another caller, where there is no address space for a list of more than 512.
    /// </summary>
    private const string DeepWhenShort = """
        import resource, sys
        sys.setrecursionlimit(10_000)
        quiet = False
        def innermost():
            while True:
                yield len(bytes(40))
        def around(inner):
            while True:
                if not quiet:
                    bytes(40)
                yield next(inner)
        def nested(depth):
            generator = innermost()
            for _ in range(depth):
                generator = around(generator)
            return generator
        # The stack of C grows while there is address space for it.
        assert next(nested(710)) == 40
        generator = nested(700)
        def first(): return next(generator)
        def second(): return third()
        def third(): return next(generator)  # its frame is at another address than first's was
        assert first() == 40
        quiet = True
        assert first() == 40
        resource.setrlimit(resource.RLIMIT_AS, (1 << 20, resource.RLIM_INFINITY))
        assert second() == 40
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        """;

    [Theory, ClassData(typeof(AllInterpreters))]
    public void A_stack_that_there_is_no_memory_to_walk_is_cut(string name)
    {
        var facts = SmallRoom.Record(Interpreters.Find(name), DeepWhenShort, StackRoom.Whole).Facts;
        Assert.Equal(("", 0, 0), (facts.StoppedBecause, facts.LostEvents, facts.DuplicateAllocations));
    }

    private static void MustBeWhole(RecordingSummary recording)
    {
        var facts = recording.Facts;
        Assert.Equal(("", 0, 0), (facts.StoppedBecause, facts.LostEvents, facts.DuplicateAllocations));
        Assert.Equal(facts.Allocations, recording.Usage.Sum(usage => usage.TotalBlocks));
        Assert.Equal(facts.AllocatedBytes, recording.Usage.Sum(usage => usage.TotalBytes));
        Assert.True(facts.EndBytes > Kept * BytesOfEach, $"{facts.EndBytes} bytes at the end");
    }

    private static string Report(RecordingSummary recording)
    {
        using var console = new TestConsole().Width(160);
        RecordingReport.Write(console, recording, new RecordingReportOptions("x.alloc", "/"));
        return console.Output;
    }

    private static long Json(RecordingSummary recording, string field)
    {
        using var text = new StringWriter();
        RecordingJson.Write(text, recording, new RecordingReportOptions("x.alloc", "/"));
        using var json = JsonDocument.Parse(text.ToString());
        return json.RootElement.GetProperty("recorder").GetProperty(field).GetInt64();
    }
}
