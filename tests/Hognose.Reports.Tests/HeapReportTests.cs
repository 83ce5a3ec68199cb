using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Insights.Heaps;
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
        var heap = HeapByType.Of(Graph());
        Assert.Equal([new TypeShare("dict", 1, 300, 1, false), new TypeShare("app.Row", 3, 150, 2, false), new TypeShare("c.Opaque", 1, 50, 1, true)], heap.Types);
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
              hognose biggest 4711            what keeps the most alive, and who holds it
              hognose run script.py           who allocates, from the program's start

            """,
            Text(new HeapAnswer(Facts, HeapByType.Of(Graph()), new DiagnosticBag()), types: 2));
    }

    [Fact]
    public void Estimates_trouble_and_a_collection_under_way_are_labelled()
    {
        var trouble = new DiagnosticBag();
        trouble.Add("HG0102", "the collector's list breaks off: no object at 0x10");
        trouble.Add("HG0102", "again");
        trouble.Add("HG0301", "no layout table for Python 3.11.99: 3.11.7's is used");
        var text = Text(new HeapAnswer(Facts with { WasCollecting = true, Stops = 12 }, HeapByType.Of(Graph()), trouble), types: 30);

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
        var text = Text(new HeapAnswer(Facts, HeapByType.Of(builder.Build()), new DiagnosticBag()), types: 30);
        Assert.DoesNotContain('\u001b', text);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Json_has_totals_of_all_types_and_the_types_asked_for()
    {
        using var writer = new StringWriter();
        HeapJson.Write(writer, new HeapAnswer(Facts, HeapByType.Of(Graph()), new DiagnosticBag()), types: 1);
        using var json = JsonDocument.Parse(writer.ToString());
        Assert.Equal(1, json.RootElement.GetProperty("schema").GetInt32());
        Assert.Equal(500, json.RootElement.GetProperty("totals").GetProperty("bytes").GetInt64());
        Assert.Equal("dict", Assert.Single(json.RootElement.GetProperty("types").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(0.042, json.RootElement.GetProperty("pause").GetProperty("seconds").GetDouble());
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

    private static string Text(HeapAnswer answer, int types)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = false;
        HeapReport.Write(console, answer, types);
        return console.Output;
    }
}
