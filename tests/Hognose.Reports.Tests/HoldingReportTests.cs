using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

/// <summary>Who holds what, on a heap drawn by hand.</summary>
public class HoldingReportTests
{
    private static readonly HeapFacts Facts = new(
        4711, "python3", "3.11.7", "3.11.7", 1, 3, TimeSpan.FromMilliseconds(42), 1, false, 1 << 20,
        new ProcessMemory(9 << 20, 10 << 20, 7 << 20, 2 << 20, 0, 0), TimeSpan.FromSeconds(1));

    /// <summary>
    /// app's namespace (0) → cache (1) → two pages (2, 3), each → its list (4, 5); a function (6) → closure (7) → cell (8) → bytes (9);
    /// head (10) → 20 more of a linked list; 31: garbage.
    /// </summary>
    private static readonly (HeapGraph Graph, FakeNames Names) Drawn = Draw();

    /// <summary>Objects and their dicts in turn, as a linked list of instances is up to 3.10: each way was gone through from end to end.</summary>
    [Fact]
    public void A_linked_list_of_three_hundred_thousand_is_one_way_beside_that_of_its_first()
    {
        const int length = 300_000;
        var builder = new HeapGraphBuilder();
        var (dict, link) = (builder.AddType("builtins", "dict"), builder.AddType("app", "Link"));
        for (var i = 0; i <= 2 * length; i++)
        {
            builder.AddNode(16 * (ulong)(i + 1), i % 2 == 0 ? dict : link, 1);
            if (i > 0)
                builder.AddEdge(new NodeId(i - 1), new NodeId(i));
        }
        var graph = builder.Build();
        var heap = new HeldHeap(graph, new FakeNames(), [new Holder(0, HolderKind.Module, "app")], [0], CancellationToken.None);
        var found = HoldersOfType.Of(heap, "app.Link", showsKeys: false);
        Assert.Equal([1, length - 1], found!.Ways.Select(way => way.Objects));
        Assert.Equal([2 * length, 0], found.Ways.Select(way => way.Retained));
    }

    /// <summary>What a class is called, and what stands in a file, is anybody's choice.</summary>
    [Fact]
    public void A_command_to_paste_is_one_command_and_nothing_steers_the_terminal()
    {
        var facts = Facts with { PythonVersion = "3.11\e[31m", Snapshot = new SnapshotFacts("it's \a.heap", default, HasContents: false) };
        var holders = HoldersOfType.Of(Heap(), "app.Page", showsKeys: false)! with { Type = "a\e]0;x\a;$(touch x)" };
        var trouble = new DiagnosticBag();
        trouble.Add("HG\e[0m", "\e[1m");
        var text = ReportText.Of(100, false, console => HoldersReport.Write(console, facts, holders, 0, trouble));
        Assert.Contains(@"hognose why 'it'\''s ?.heap' 'a?]0;x?;$(touch x)' --all", text, StringComparison.Ordinal);
        Assert.Contains(@"hognose biggest 'it'\''s ?.heap'", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, one => char.IsControl(one) && one != '\n');
    }

    /// <summary>Of a module that nobody imports, and that runs no more, sys.modules alone leads to what it holds.</summary>
    [Fact]
    public void What_a_module_holds_is_not_told_as_held_by_the_list_of_modules()
    {
        var builder = new HeapGraphBuilder();
        var (dict, module, bytes) = (builder.AddType("builtins", "dict"), builder.AddType("builtins", "module"), builder.AddType("builtins", "bytes"));
        var modules = builder.AddNode(0x10, dict, 100);
        var app = builder.AddNode(0x20, module, 10);
        var names = builder.AddNode(0x30, dict, 100);
        builder.AddEdge(modules, app);
        builder.AddEdge(app, names);
        foreach (var size in new[] { 4_000, 5_000 })
            builder.AddEdge(names, builder.AddNode(0x40 + (ulong)size, bytes, size));
        var heap = new HeldHeap(builder.Build(), new FakeNames(), [new Holder(names.Value, HolderKind.Module, "app")], [modules.Value], CancellationToken.None);
        Assert.Equal([5_000, 4_000, 110], BiggestObjects.Of(heap, 3, showsKeys: false).Objects.Select(each => each.Retained));
    }

    [Fact]
    public void The_biggest_on_eighty_columns() => Assert.Equal(
        """

          31 objects, 8.4 KiB held - RSS 9.0 MiB
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Biggest  by retained size: what would be freed with the object
            share    retained  object, and who holds it
           46.7 %     3.9 KiB  bytes of 4,000, 1 object, 0x90
                               thread "pool" - work() app.py:88 - local 'retry' ->
                               closure of retry() - cell 'response'
           28.0 %     2.3 KiB  dict of 7, 5 objects, 0x10
                               module app.CACHE
           24.5 %     2.1 KiB  app.Node, 21 objects, 0xa0
                               module app.head

          Nothing holds another 1 object of 500 bytes: a collection would free them.

          hognose why 4711 0x90           every way to the first
          hognose heap 4711               what the heap is made of

        """,
        Text(console => BiggestReport.Write(console, Facts, BiggestObjects.Of(Heap(), 3, showsKeys: false), new DiagnosticBag())));

    [Fact]
    public void Holders_of_a_type_on_eighty_columns() => Assert.Equal(
        """

          app.Page: 2 objects, 200 bytes of their own
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Held by  the only way
            objects    retained  way
                  2     2.1 KiB  module app.CACHE[...]

          hognose biggest 4711            what keeps the most alive

        """,
        Text(console => HoldersReport.Write(console, Facts, HoldersOfType.Of(Heap(), "app.Page", showsKeys: false)!, 12, new DiagnosticBag())));

    [Fact]
    public void Keys_are_shown_when_they_are_asked_for()
    {
        Assert.Equal("module app.CACHE[…].rows", Assert.Single(HoldersOfType.OfObject(Heap(), 0x40, showsKeys: false)!.Ways).HeldBy);
        Assert.Equal("module app.CACHE['news'].rows", Assert.Single(HoldersOfType.OfObject(Heap(), 0x40, showsKeys: true)!.Ways).HeldBy);
    }

    [Fact]
    public void What_one_holds_within_another_is_retained_once()
    {
        var nodes = HoldersOfType.Of(Heap(), "app.Node", showsKeys: false)!;
        Assert.Equal((21, 2100, 2100), (nodes.Objects, nodes.Shallow, nodes.Ways.Sum(way => way.Retained)));
        Assert.Equal("module app.head.next(×0…n)", Assert.Single(nodes.Ways).HeldBy);
        Assert.Null(HoldersOfType.Of(Heap(), "no.such.Type", showsKeys: false));
        Assert.Null(HoldersOfType.OfObject(Heap(), 0x7, showsKeys: false));
    }

    [Fact]
    public void A_long_chain_is_told_by_its_length() =>
        Assert.Equal("module app.head.next(×20)", Assert.Single(HoldersOfType.OfObject(Heap(), Drawn.Graph.Addresses[30], showsKeys: false)!.Ways).HeldBy);

    [Fact]
    public void Garbage_is_said_to_be_held_by_nothing() => Assert.Equal(
        "nothing: it is garbage that a collection would free",
        Assert.Single(HoldersOfType.OfObject(Heap(), Drawn.Graph.Addresses[31], showsKeys: false)!.Ways).HeldBy);

    [Fact]
    public void As_json_every_figure_is_there()
    {
        using var text = new StringWriter();
        HoldingJson.Write(text, Facts, BiggestObjects.Of(Heap(), 3, showsKeys: false), new DiagnosticBag());
        using var biggest = JsonDocument.Parse(text.ToString());
        var first = biggest.RootElement.GetProperty("objects")[0];
        Assert.Equal(("0x90", 4000, 4000, 1), (
            first.GetProperty("address").GetString(), first.GetProperty("length").GetInt64(),
            first.GetProperty("retained_bytes").GetInt64(), first.GetProperty("retained_objects").GetInt64()));
        Assert.Equal((31, 1, 500), (
            biggest.RootElement.GetProperty("totals").GetProperty("held_objects").GetInt64(),
            biggest.RootElement.GetProperty("totals").GetProperty("garbage_objects").GetInt64(),
            biggest.RootElement.GetProperty("totals").GetProperty("garbage_bytes").GetInt64()));
    }

    private static HeldHeap Heap() => new(
        Drawn.Graph, Drawn.Names,
        [new Holder(0, HolderKind.Module, "app"), new Holder(6, HolderKind.Local, "retry", 2, "work", "/srv/app.py") { Line = 88, ThreadName = "pool" }],
        [0, 6], CancellationToken.None);

    private static (HeapGraph Graph, FakeNames Names) Draw()
    {
        const int chain = 20;
        var builder = new HeapGraphBuilder();
        var names = new FakeNames();
        TypeId dict = builder.AddType("builtins", "dict"), page = builder.AddType("app", "Page"), list = builder.AddType("builtins", "list"),
            function = builder.AddType("builtins", "function"), tuple = builder.AddType("builtins", "tuple"), cell = builder.AddType("builtins", "cell"),
            bytes = builder.AddType("builtins", "bytes"), node = builder.AddType("app", "Node");
        TypeId[] types = [dict, dict, page, page, list, list, function, tuple, cell, bytes];
        long[] sizes = [10, 200, 100, 100, 1000, 1000, 20, 20, 20, 4000];
        for (var i = 0; i < types.Length; i++)
            builder.AddNode((ulong)i * 16, types[i], sizes[i]);
        for (var i = 0; i <= chain; i++)
            builder.AddNode((ulong)(10 + i) * 16, node, 100);
        builder.AddNode(31 * 16, list, 500);

        Edge(0, 1, new ReferenceName(ReferenceKind.Value, "CACHE"));
        Edge(1, 2, new ReferenceName(ReferenceKind.Value, "news"));
        Edge(1, 3, new ReferenceName(ReferenceKind.Value, "about"));
        Edge(2, 4, new ReferenceName(ReferenceKind.Attribute, "rows"));
        Edge(3, 5, new ReferenceName(ReferenceKind.Attribute, "rows"));
        Edge(6, 7, new ReferenceName(ReferenceKind.Attribute, "__closure__"));
        Edge(7, 8, new ReferenceName(ReferenceKind.Item, Index: 0));
        Edge(8, 9, new ReferenceName(ReferenceKind.Cell));
        Edge(0, 10, new ReferenceName(ReferenceKind.Value, "head"));
        for (var i = 0; i < chain; i++)
            Edge(10 + i, 11 + i, new ReferenceName(ReferenceKind.Attribute, "next"));
        Edge(31, 31, new ReferenceName(ReferenceKind.Item, Index: 0));
        return (builder.Build(), names);

        void Edge(int from, int to, ReferenceName name)
        {
            builder.AddEdge(new NodeId(from), new NodeId(to));
            names.Add(from, to, name);
        }
    }

    private static string Text(Action<IAnsiConsole> write)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = false;
        write(console);
        return console.Output;
    }

    private sealed class FakeNames : IReferenceNames
    {
        private readonly Dictionary<(int, int), ReferenceName> _names = [];

        public void Add(int from, int to, ReferenceName name) => _names.Add((from, to), name);

        public ReferenceName Between(NodeId source, NodeId target) => _names.GetValueOrDefault((source.Value, target.Value));

        public long LengthOf(NodeId node) => node.Value switch { 1 => 7, 9 => 4000, _ => -1 };

        public string FreeVariableOf(NodeId closure, long index) => (closure.Value, index) == (6, 0) ? "response" : "";

        public string OwnNameOf(NodeId node) => node.Value == 6 ? "retry" : "";
    }
}
