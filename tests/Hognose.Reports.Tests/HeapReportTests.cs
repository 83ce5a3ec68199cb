using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

public sealed class HeapReportTests
{
    private static readonly HeapFacts Facts = new(
        4711, "python3", "3.11.7", "3.11.7", 1, 3, TimeSpan.FromMilliseconds(42), 1, false, 1 << 20,
        new ProcessMemory(9 << 20, 10 << 20, 7 << 20, 2 << 20, 0, 0), TimeSpan.FromSeconds(1));

    [Fact]
    public void Classes_of_one_name_are_one_row()
    {
        var heap = HeapGroups.Of(Graph(), new HeapSelection());
        Assert.Equal([new HeapGroup("dict", 1, 300), new HeapGroup("app.Row", 3, 150, 2), new HeapGroup("c.Opaque", 1, 50, 1, true)], heap.Groups);
        Assert.Equal((5, 500), (heap.Objects, heap.Bytes));
        Assert.Equal(0.3, heap.ShareOfBytes(150));
    }

    [Fact]
    public void The_report_on_eighty_columns()
    {
        Assert.Equal(
            """

              5 objects, 500 bytes - 3 types - RSS 9.0 MiB
              pid 4711 (python3), Python 3.11.7, 3 threads
              The process stood still for 42 ms.
              RSS: 7.0 MiB of its own, 2.0 MiB of files; at most 10.0 MiB so far

              Types  2 of 3, 90.0 % of 500 bytes
                share       bytes   objects   share  type
               60.0 %   300 bytes         1  20.0 %  dict
               30.0 %   150 bytes         3  60.0 %  app.Row (2 classes)

              hognose heap 4711 --all         every type
              hognose heap 4711 --retained    what each keeps alive
              hognose biggest 4711            what keeps the most alive, and who holds it
              hognose attach 4711             who allocates

            """,
            Text(new HeapAnswer(Facts, HeapGroups.Of(Graph(), new HeapSelection()), new DiagnosticBag()), rows: 2));
    }

    [Fact]
    public void Estimates_trouble_and_a_collection_under_way_are_labelled()
    {
        var trouble = new DiagnosticBag();
        trouble.Add("HG0102", "the collector's list breaks off: no object at 0x10");
        trouble.Add("HG0102", "again");
        trouble.Add("HG0301", "no layout table for Python 3.11.99: 3.11.7's is used");
        var text = Text(new HeapAnswer(Facts with { WasCollecting = true, Stops = 12 }, HeapGroups.Of(Graph(), new HeapSelection()), trouble), rows: 30);

        Assert.Contains("50 bytes~", text, StringComparison.Ordinal);
        Assert.Contains("~ at least", text, StringComparison.Ordinal);
        Assert.Contains("in 12 stops (a collection was under way)", text, StringComparison.Ordinal);
        Assert.Contains("2 things could not be read:", text, StringComparison.Ordinal);
        Assert.Contains("HG0102: 2, the first: the collector's list breaks off", text, StringComparison.Ordinal);
        Assert.Contains("HG0301: no layout table", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--all", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void A_long_or_hostile_name_neither_widens_the_table_nor_reaches_the_terminal()
    {
        var builder = new HeapGraphBuilder();
        builder.AddNode(16, builder.AddType(new string('m', 300), "\u001b[31mName"), 10);
        var text = Text(new HeapAnswer(Facts, HeapGroups.Of(builder.Build(), new HeapSelection()), new DiagnosticBag()), rows: 30);
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_has_totals_of_all_types_and_the_types_asked_for()
    {
        using var writer = new StringWriter();
        HeapJson.Write(writer, new HeapAnswer(Facts, HeapGroups.Of(Graph(), new HeapSelection()), new DiagnosticBag()), rows: 1);
        using var json = JsonDocument.Parse(writer.ToString());
        Assert.Equal(1, json.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal(500, json.RootElement.GetProperty("totals").GetProperty("bytes").GetInt64());
        Assert.Equal("dict", Assert.Single(json.RootElement.GetProperty("types").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(0.042, json.RootElement.GetProperty("pause").GetProperty("seconds").GetDouble());
    }

    [Fact]
    public void Modules_sizes_patterns_and_orders()
    {
        Assert.Equal([new HeapGroup("builtins", 1, 300), new HeapGroup("app", 3, 150, 2), new HeapGroup("c", 1, 50, 1, true)], Groups(new HeapSelection(HeapGrouping.Module)));
        Assert.Equal([new HeapGroup("64", 4, 200, 0), new HeapGroup("512", 1, 300, 0)], Groups(new HeapSelection(HeapGrouping.Size)));
        Assert.Equal(["app.Row", "dict", "c.Opaque"], Groups(new HeapSelection(Order: HeapOrder.Count)).Select(group => group.Name));
        Assert.Equal(["app.Row"], Groups(new HeapSelection(Types: "app.*")).Select(group => group.Name));
        Assert.Equal(["dict"], Groups(new HeapSelection(MinimumSize: 51)).Select(group => group.Name));
        Assert.Equal((1, 300, 5, 500), HeapGroups.Of(Graph(), new HeapSelection(Types: "d?ct")) is var some ? (some.Objects, some.Bytes, some.AllObjects, some.AllBytes) : default);

        static IReadOnlyList<HeapGroup> Groups(HeapSelection selection) => HeapGroups.Of(Graph(), selection).Groups;
    }

    [Fact]
    public void What_two_hold_together_is_retained_by_their_type()
    {
        // two rows, each → one dict
        var builder = new HeapGraphBuilder();
        TypeId row = builder.AddType("app", "Row"), dict = builder.AddType("builtins", "dict");
        builder.AddNode(16, row, 50);
        builder.AddNode(32, row, 50);
        var shared = builder.AddNode(48, dict, 300);
        builder.AddEdge(new NodeId(0), shared);
        builder.AddEdge(new NodeId(1), shared);
        var heap = new HeldHeap(builder.Build(), new NoNames(), [], [0, 1], CancellationToken.None);
        Assert.Equal(
            [new HeapGroup("app.Row", 2, 100, Retained: 400), new HeapGroup("dict", 1, 300, Retained: 300)],
            HeapGroups.WithRetained(heap, new HeapSelection(Order: HeapOrder.Retained), rows: 2).Groups);
        Assert.Equal(
            [new HeapGroup("dict", 1, 300, Retained: 300), new HeapGroup("app.Row", 2, 100, Retained: 100, IsRetainedAtLeast: true)],
            HeapGroups.WithRetained(heap, new HeapSelection(), rows: 0).Groups);
        var text = Text(new HeapAnswer(Facts, HeapGroups.WithRetained(heap, new HeapSelection(), rows: 0), new DiagnosticBag()), rows: 5);
        Assert.Contains("   100 bytes    100 bytes~", text, StringComparison.Ordinal);
        Assert.Contains("~ retained at least", text, StringComparison.Ordinal);
        Assert.DoesNotContain("--retained", text, StringComparison.Ordinal);
    }

    private static HeapGraph Graph()
    {
        var builder = new HeapGraphBuilder();
        var dict = builder.AddType("builtins", "dict");
        var row = builder.AddType("app", "Row");
        var again = builder.AddType("app", "Row");
        var opaque = builder.AddType("c", "Opaque", SizeCertainty.Estimate);
        builder.AddNode(16, dict, 300);
        builder.AddNode(32, row, 50);
        builder.AddNode(48, row, 50);
        builder.AddNode(64, again, 50);
        builder.AddNode(80, opaque, 50);
        return builder.Build();
    }

    private static string Text(HeapAnswer answer, int rows)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = false;
        HeapReport.Write(console, "4711", answer, rows);
        return console.Output;
    }

    private sealed class NoNames : IReferenceNames
    {
        public ReferenceName Between(NodeId source, NodeId target) => default;

        public long LengthOf(NodeId node) => -1;

        public string FreeVariableOf(NodeId closure, long index) => "";

        public string OwnNameOf(NodeId node) => "";
    }
}
