using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Insights.Resident;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

/// <summary>The account of resident memory and its verdicts, on figures made by hand.</summary>
public class ResidentReportTests
{
    private const long Mega = 1 << 20;

    private static readonly HeapFacts Facts = new(
        4711, "python3", "3.11.7", "3.11.7", 1, 3, TimeSpan.FromMilliseconds(42), 1, false, 1 << 20,
        new ProcessMemory(9 << 20, 10 << 20, 7 << 20, 2 << 20, 0, 0), TimeSpan.FromSeconds(1));

    [Fact]
    public void The_report_on_eighty_columns() => Assert.Equal(
        """

          43.0 MiB resident, 97.7 % explained
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Fragmentation: 30.0 MiB, 75.0 % of its own memory, is free within arenas of
          pymalloc that a few blocks keep from going back to the kernel.
          20.0 MiB would come back with the objects listed under "Nearly empty arenas":
          make them before the work that comes and goes, copy them when it is over, or
          let a child process do that work.

          What takes it  the sum is what the kernel counts
            share       bytes       pieces
           69.8 %    30.0 MiB            5  free blocks in pymalloc's pools
           14.0 %     6.0 MiB           70  objects
            7.0 %     3.0 MiB            2  executables and libraries, as in their files
            4.7 %     2.0 MiB            7  tables, items and buffers that objects own
            2.3 %     1.0 MiB            3  blocks of C libraries
            2.3 %     1.0 MiB            4  blocks in use that nothing leads to

          Objects and what they own  by type, all 2
            share       bytes       pieces
           14.0 %     6.0 MiB           10  dict  2.0 MiB beside them
            4.7 %     2.0 MiB           60  str

          Memory of C code  by the library whose variables lead to it, all 1
            share       bytes       pieces
            2.3 %     1.0 MiB            3  libz.so.1

          Allocators
          pymalloc: 2 arenas of 20.0 MiB; 6.3 KiB in 100 blocks, 192 bytes free in 2
          pools, 4 pools free
          malloc: 1 arena of 5.0 MiB, 2.4 KiB of it free; 1 block of 1.0 MiB with
          mappings of their own; malloc_trim(0) would give back 4.0 KiB

          Nearly empty arenas  2 objects keep 2 arenas: 20.0 MiB would come back
              arenas   objects  type, and who holds them
                   2         2  str
                                module app.notes[i]

          Libraries and files  all 1
            share       bytes       pieces
            7.0 %     3.0 MiB            2  /usr/lib/libz.so.1

          2.0 MiB of it is shared with a parent or child since a fork: it exists once.

          hognose biggest 4711            what keeps the most alive, and who holds it
          hognose heap 4711               what the heap is made of

        """,
        Text(console => ResidentReport.Write(console, Facts, ResidentAnswer.Of(Fragmented(), Heap(10, 10), showsKeys: false), 8, new DiagnosticBag())));

    [Fact]
    public void As_json_every_figure_is_there()
    {
        using var text = new StringWriter();
        ResidentJson.Write(text, Facts, ResidentAnswer.Of(Fragmented(), Heap(10, 10), showsKeys: false), new DiagnosticBag());
        using var json = JsonDocument.Parse(text.ToString());
        var root = json.RootElement;
        Assert.Equal(("fragmentation", 30 * Mega, "str held by module app.notes[i]"), (
            root.GetProperty("verdict").GetProperty("kind").GetString(), root.GetProperty("verdict").GetProperty("bytes").GetInt64(),
            root.GetProperty("verdict").GetProperty("who").GetString()));
        Assert.Equal(43 * Mega, root.GetProperty("parts").EnumerateArray().Sum(part => part.GetProperty("resident_bytes").GetInt64()));
        Assert.Equal(2 * Mega, root.GetProperty("totals").GetProperty("shared_after_fork_bytes").GetInt64());
        Assert.Equal(100, root.GetProperty("pymalloc").GetProperty("used_blocks").GetInt64());
        Assert.Equal(4096, root.GetProperty("malloc").GetProperty("trimmable_bytes").GetInt64());
        Assert.Equal(2, root.GetProperty("nearly_empty_arenas").GetProperty("by")[0].GetProperty("arenas").GetInt32());
    }

    [Theory]
    [InlineData(ResidentKind.Unheld, 0, VerdictKind.Native)]
    [InlineData(ResidentKind.Library, 0, VerdictKind.Native)]
    [InlineData(ResidentKind.Other, 0, VerdictKind.Native)]
    [InlineData(ResidentKind.FreeBlocks, 0, VerdictKind.Fragmentation)]
    [InlineData(ResidentKind.FreePools, 0, VerdictKind.Fragmentation)]
    [InlineData(ResidentKind.FreeChunks, 40, VerdictKind.Retention)]
    [InlineData(ResidentKind.Top, 20, VerdictKind.Retention)]
    [InlineData(ResidentKind.FreeChunks, 19, VerdictKind.MallocFragmentation)]
    [InlineData(ResidentKind.CachedChunks, 0, VerdictKind.MallocFragmentation)]
    [InlineData(ResidentKind.Shared, 0, VerdictKind.Shared)]
    [InlineData(ResidentKind.Objects, 0, VerdictKind.Ordinary)]
    [InlineData(ResidentKind.Code, 0, VerdictKind.Ordinary)]
    public void The_largest_cause_is_the_verdict(ResidentKind kind, long trimmable, VerdictKind verdict)
    {
        var answer = ResidentAnswer.Of(Memory([new(kind, "", 40 * Mega, 1)], 100 * Mega, trimmable * Mega), Heap(10, 10), showsKeys: false);
        Assert.Equal((verdict, verdict == VerdictKind.Ordinary ? 0 : 40 * Mega), (answer.Verdict.Kind, answer.Verdict.Bytes));
        Assert.EndsWith(".", VerdictWords.Sentence(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 100, VerdictKind.Ordinary)]
    [InlineData(25, 100, VerdictKind.Native)]
    [InlineData(3, 4, VerdictKind.Ordinary)]
    [InlineData(4, 4, VerdictKind.Native)]
    public void A_cause_takes_a_quarter_of_the_memory_and_four_mebibytes(long bytes, long own, VerdictKind verdict) => Assert.Equal(
        verdict, ResidentAnswer.Of(Memory([new(ResidentKind.Unheld, "", bytes * Mega, 1)], own * Mega, 0), Heap(10, 10), showsKeys: false).Verdict.Kind);

    [Theory]
    [InlineData(3.5, 7, VerdictKind.Held)]
    [InlineData(0.9, 2, VerdictKind.Ordinary)]
    [InlineData(1.2, 7, VerdictKind.Ordinary)]
    public void Objects_are_named_from_one_mebibyte_on(double notes, long own, VerdictKind verdict)
    {
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "str", Mega, 1)], own * Mega, 0), Heap((long)(notes * Mega), 10), showsKeys: false);
        Assert.Equal(verdict, answer.Verdict.Kind);
        if (verdict == VerdictKind.Ordinary)
            Assert.Contains($"The largest: {Quantities.Bytes((long)(notes * Mega) + 100)}, {Quantities.Percent(((long)(notes * Mega) + 100.0) / (own * Mega))}, kept alive by module app.notes.", VerdictWords.Sentence(answer), StringComparison.Ordinal);
    }

    /// <summary>No object of two thousand keeps much, and nothing keeps all of them.</summary>
    [Fact]
    public void Many_objects_of_one_class_hold_together()
    {
        var heap = new DrawnHeap();
        for (var i = 0; i < 2_000; i++)
            heap.Edge(heap.Add("app.Job", 1000, surplus: 1), heap.Add("bytearray", 2000, 2000));
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "app.Job", 6 * Mega, 1)], 10 * Mega, 0), heap.Build(), showsKeys: false);
        Assert.Equal((VerdictKind.HeldTogether, "app.Job", 6_000_000L), (answer.Verdict.Kind, answer.Verdict.Who, answer.Verdict.Bytes));
        Assert.Equal("Held: 5.7 MiB, 57.2 % of its own memory, is kept alive by 2,000 objects of app.Job.", VerdictWords.Sentence(answer));
        Assert.Contains("hognose why 4711 app.Job", Text(console => ResidentReport.Write(console, Facts, answer, 8, new DiagnosticBag())), StringComparison.Ordinal);
    }

    /// <summary>A database in memory, and blocks that C code allocated for each of three sessions.</summary>
    [Theory]
    [InlineData(1, ResidentKind.Buffers, "Owned: 40.0 MiB, 80.0 % of its own memory, belongs to 1 object of app.Store (held by module app.stores[0]), beyond its own size.")]
    [InlineData(3, ResidentKind.Buffers, "Owned: 40.0 MiB, 80.0 % of its own memory, belongs to 3 objects of app.Store (held by module app.stores[i]), beyond their own sizes.")]
    [InlineData(3, ResidentKind.SharedOfObjects, "Mapped: 40.0 MiB, 80.0 % of its own memory, is mapped by 3 objects of app.Store (held by module app.stores[i]).")]
    public void What_objects_own_beyond_their_sizes_is_the_verdict(int stores, ResidentKind kind, string sentence)
    {
        var heap = new DrawnHeap();
        int app = heap.Add("dict", 100, 1), list = heap.Add("list", 100, stores);
        heap.Module(app, "app").Edge(app, list, ReferenceKind.Value, "stores");
        for (var i = 0; i < stores; i++)
            heap.Edge(list, heap.Add("app.Store", 100), ReferenceKind.Item, index: i);
        var sizes = stores * 100;
        var anonymous = kind == ResidentKind.Buffers ? 50 * Mega : 10 * Mega;
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "app.Store", sizes, stores), new(kind, "app.Store", 40 * Mega, stores)], anonymous, 0), heap.Build(), showsKeys: false);
        Assert.Equal((VerdictKind.Owned, 40 * Mega, sentence), (answer.Verdict.Kind, answer.Verdict.Bytes, VerdictWords.Sentence(answer)));
        Assert.Contains("hognose why 4711 app.Store", Text(console => ResidentReport.Write(console, Facts, answer, 8, new DiagnosticBag())), StringComparison.Ordinal);
    }

    /// <summary>Blocks are rounded up: what a million small objects take is theirs.</summary>
    [Fact]
    public void What_an_allocator_adds_to_objects_is_nothing_that_they_own()
    {
        var heap = new DrawnHeap();
        heap.Add("app.Point", 24 * Mega, surplus: 1);
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "app.Point", 40 * Mega, 1_000_000)], 50 * Mega, 0), heap.Build(), showsKeys: false);
        Assert.Equal(VerdictKind.Held, answer.Verdict.Kind);
    }

    [Fact]
    public void Variables_of_many_calls_hold_together()
    {
        var heap = new DrawnHeap();
        for (var i = 0; i < 60; i++)
            heap.Local(heap.Add("bytearray", Mega / 10, Mega / 10), "work", "chunk", thread: i + 2, threadName: $"Thread-{i}");
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "bytearray", 6 * Mega, 60)], 10 * Mega, 0), heap.Build(), showsKeys: false);
        Assert.Equal((VerdictKind.HeldByCalls, 60L, 60 * (Mega / 10)), (answer.Verdict.Kind, answer.Verdict.Objects, answer.Verdict.Bytes));
        Assert.EndsWith("is kept alive by variables of 60 calls of work() under way: threads \"Thread-…\" · work() app.py:7 · local 'chunk'.", VerdictWords.Sentence(answer), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ResidentKind.Code, 51, "Mostly executables and libraries, as in their files: 51.0 MiB, 51.0 % of all; no single cause takes")]
    [InlineData(ResidentKind.Objects, 51, "Mostly objects and what they own: 51.0 MiB, 51.0 % of all; no single cause takes")]
    [InlineData(ResidentKind.Files, 50, "Nothing stands out: no single cause takes")]
    public void Something_stands_out_where_one_row_is_most_of_all(ResidentKind kind, long bytes, string sentence) => Assert.StartsWith(
        sentence, VerdictWords.Sentence(ResidentAnswer.Of(Memory([new(kind, "str", bytes * Mega, 1)], 100 * Mega, 0), Heap(10, 10), showsKeys: false)), StringComparison.Ordinal);

    [Fact]
    public void Frozen_garbage_is_not_freed_by_a_collection_alone()
    {
        var heap = new DrawnHeap();
        var frozen = heap.Add("app.Frozen", 30 * Mega, flags: NodeFlags.Tracked | NodeFlags.Frozen);
        var answer = ResidentAnswer.Of(Memory([new(ResidentKind.Objects, "app.Frozen", 40 * Mega, 1)], 100 * Mega, 0), heap.Edge(frozen, frozen).Build(), showsKeys: false);
        Assert.Equal((VerdictKind.FrozenGarbage, 30 * Mega, 0L), (answer.Verdict.Kind, answer.Verdict.Bytes, answer.Biggest.GarbageBytes));
        Assert.StartsWith("gc.unfreeze() and then gc.collect() would free it", VerdictWords.Remedy(answer), StringComparison.Ordinal);
    }

    [Fact]
    public void What_holds_most_and_garbage_are_told_apart()
    {
        var memory = Memory([new(ResidentKind.Objects, "str", 40 * Mega, 1)], 100 * Mega, 0);
        var held = ResidentAnswer.Of(memory, Heap(30 * Mega, 10), showsKeys: false).Verdict;
        Assert.Equal((VerdictKind.Held, "module app.notes"), (held.Kind, held.Who));
        var garbage = ResidentAnswer.Of(memory, Heap(10, 30 * Mega), showsKeys: false);
        Assert.Equal((VerdictKind.Garbage, 30 * Mega), (garbage.Verdict.Kind, garbage.Verdict.Bytes));
        Assert.Contains("1 object that nothing holds", VerdictWords.Sentence(garbage), StringComparison.Ordinal);
    }

    private static ResidentMemory Fragmented()
    {
        var memory = Memory(
            [
                new(ResidentKind.FreeBlocks, "", 30 * Mega, 5), new(ResidentKind.Objects, "dict", 4 * Mega, 10), new(ResidentKind.Code, "/usr/lib/libz.so.1", 3 * Mega, 2),
                new(ResidentKind.Objects, "str", 2 * Mega, 60), new(ResidentKind.Buffers, "dict", 2 * Mega, 7), new(ResidentKind.Unheld, "", Mega, 4),
                new(ResidentKind.Library, "libz.so.1", Mega, 3),
            ],
            40 * Mega,
            4096);
        var arenas = new[] { new ArenaUse(0x1000, 0x1000 + 10 * (ulong)Mega, 1, 64, 10 * Mega), new ArenaUse(0x10001000, 0x10001000 + 10 * (ulong)Mega, 1, 64, 10 * Mega) };
        return memory with
        {
            Mappings = [new("", 1, 40 * Mega, 39 * Mega, 2 * Mega, 38 * Mega, 40 * Mega, 0), new("/usr/lib/libz.so.1", 2, 3 * Mega, Mega, 3 * Mega, 0, 0, 0)],
            Pools = new PoolUse(arenas, [new SizeClassUse(64, 2, 100, 3)], 16384, 4, 96, 0, 0),
            Malloc = new MallocUse([new MallocArenaUse(0x10, true, 5 * Mega, 1000, 200, 300, 1300)], 1, Mega, 4096),
        };
    }

    private static ResidentMemory Memory(IReadOnlyList<ResidentPart> parts, long own, long trimmable) => new(
        parts, [new("", 1, own, own, 0, own, own, 0)], new PoolUse([], [], 16384, 0, 0, 0, 0), new MallocUse([], 0, 0, trimmable), 0);

    /// <summary>app's namespace → notes → two strings in different arenas; and one object that nothing holds.</summary>
    private static HeldHeap Heap(long notes, long garbage)
    {
        var builder = new HeapGraphBuilder();
        TypeId dict = builder.AddType("builtins", "dict"), list = builder.AddType("builtins", "list"), text = builder.AddType("builtins", "str");
        builder.AddNode(0x10, dict, 10);
        builder.AddNode(0x20, list, notes);
        builder.AddNode(0x2000, text, 50);
        builder.AddNode(0x10002000, text, 50);
        builder.AddNode(0x70000000, list, garbage);
        (int From, int To)[] edges = [(0, 1), (1, 2), (1, 3), (4, 4)];
        foreach (var (from, to) in edges)
            builder.AddEdge(new NodeId(from), new NodeId(to));
        return new HeldHeap(builder.Build(), new NotesNames(), [new Holder(0, HolderKind.Module, "app")], [0], CancellationToken.None);
    }

    private static string Text(Action<IAnsiConsole> write)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = false;
        write(console);
        return console.Output;
    }

    private sealed class NotesNames : IReferenceNames
    {
        public ReferenceName Between(NodeId source, NodeId target) =>
            source.Value == 0 ? new ReferenceName(ReferenceKind.Value, "notes") : new ReferenceName(ReferenceKind.Item, Index: target.Value);

        public long LengthOf(NodeId node) => -1;

        public string FreeVariableOf(NodeId closure, long index) => "";

        public string OwnNameOf(NodeId node) => "";
    }
}
