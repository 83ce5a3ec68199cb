using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;
using Hognose.Insights.Waste;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>Waste, references of C code and suspects on a heap drawn by hand.</summary>
public class WasteReportTests
{
    private const int Instances = 60;
    private const int Numbers = 20;

    /// <summary>
    /// app's namespace (0) → names (1) → three equal strings of 80 bytes and one other; → spare (6), half empty; → points (7), a list of 60 points, each
    /// with a dict of 104 bytes and two attributes; → numbers, a list of 20 floats; → nothing, an empty list.
    /// </summary>
    private static HeldHeap Heap()
    {
        var heap = new DrawnHeap();
        var app = heap.Add("dict", 100, 5);
        heap.Module(app, "app");
        var names = List(heap, app, "names", 4);
        for (var i = 0; i < 4; i++)
            heap.Edge(names, heap.Add("str", 80, 30, hash: i < 3 ? 7ul : 8), ReferenceKind.Item, index: i);
        heap.Edge(app, heap.Add("dict", 1000, 3, unused: 600), ReferenceKind.Value, "spare");
        var points = List(heap, app, "points", Instances);
        for (var i = 0; i < Instances; i++)
        {
            int point = heap.Add("app.Point", 48), dict = heap.Add("dict", 104, 2);
            heap.Edge(points, point, ReferenceKind.Item, index: i).Edge(point, dict, ReferenceKind.Namespace);
        }
        var numbers = List(heap, app, "numbers", Numbers);
        for (var i = 0; i < Numbers; i++)
            heap.Edge(numbers, heap.Add("float", 24), ReferenceKind.Item, index: i);
        List(heap, app, "nothing", 0);
        return heap.Build();
    }

    private static int List(DrawnHeap heap, int app, string name, long length)
    {
        var list = heap.Add("list", 56 + (8 * length), length);
        heap.Edge(app, list, ReferenceKind.Value, name);
        return list;
    }

    [Fact]
    public void Waste_on_eighty_columns() => Assert.Equal(
        """

          6.4 KiB could be saved, 55.2 % of 11.6 KiB held
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Waste  by what it would save; 4 of 5
            share       saves   what, and an example held as most are
           44.3 %     5.2 KiB~  60 app.Point: dicts of instances that could be slots
                                60 like app.Point, 0x90, save 5.2 KiB
                                module app.points[0]
            5.0 %   600 bytes~  1 dict: storage far larger than its items need
                                dict of 3, 0x70, save 600 bytes
                                module app.spare
            4.0 %   480 bytes~  1 list of float: numbers that could be an array
                                list of 20, 0x810, save 480 bytes
                                module app.numbers
            1.3 %   160 bytes   3 str: equal contents kept several times
                                3 like str of 30, 0x30, save 160 bytes
                                module app.names[0]
          ~ an estimate: by a sample, or by how the program would be changed

          hognose why 4711 0x90           every way to the first example
          hognose waste 4711 --all        every finding
          hognose biggest 4711            what keeps the most alive, and who holds it

        """,
        DrawnHeap.Text(console => WasteReport.Write(console, "4711", DrawnHeap.Facts, HeapWaste.Of(Heap(), showsKeys: false), 4, new DiagnosticBag())));

    /// <summary>Two interpreters, in each app.store with three equal strings: each can save two, and none of the other's.</summary>
    [Fact]
    public void Equal_strings_of_different_interpreters_are_no_waste()
    {
        var heap = new DrawnHeap();
        for (var interpreter = 0; interpreter < 2; interpreter++)
        {
            var app = heap.Add("dict", 100, 1);
            heap.Module(app, "app", interpreter);
            var store = List(heap, app, "store", 4);
            for (var i = 0; i < 4; i++)
                heap.Edge(store, heap.Add("str", 80, 30, hash: i < 3 ? 7ul : 8), ReferenceKind.Item, index: i);
        }
        var waste = Assert.Single(HeapWaste.Of(heap.Build(), showsKeys: false).Findings);
        Assert.Equal((WasteKind.EqualContents, 6L, 4 * 80L, 3L), (waste.Kind, waste.Objects, waste.Saved, waste.ExampleObjects));
    }

    [Fact]
    public void A_module_of_another_interpreter_is_told_with_it()
    {
        var heap = new DrawnHeap();
        int main = heap.Add("dict", 100, 1), other = heap.Add("dict", 100, 1);
        heap.Module(main, "app").Module(other, "app", interpreter: 3);
        int one = List(heap, main, "store", 0), two = List(heap, other, "store", 0);
        var words = new PathWords(heap.Build(), showsKeys: false);
        Assert.Equal("module app.store", words.To(new NodeId(one), isShape: false));
        Assert.Equal("interpreter 3 · module app.store", words.To(new NodeId(two), isShape: false));
        Assert.Equal("module app.store", words.ToAll([new NodeId(one), new NodeId(two)]));
    }

    [Fact]
    public void Each_kind_has_its_saving_and_no_byte_is_saved_twice()
    {
        var waste = HeapWaste.Of(Heap(), showsKeys: false);
        Assert.Equal(
            [
                (WasteKind.InstanceDicts, "app.Point", Instances, Instances * (104 - 16), true),
                (WasteKind.SpareStorage, "dict", 1, 600, true),
                (WasteKind.NumberObjects, "list of float", 1, Numbers * 24, true),
                (WasteKind.EqualContents, "str", 3, 160, false),
                (WasteKind.EmptyContainers, "list", 1, 56, false),
            ],
            waste.Findings.Select(finding => (finding.Kind, finding.Type, finding.Objects, finding.Saved, finding.IsEstimate)));
        Assert.True(waste.Saved < waste.HeldBytes);
    }

    [Fact]
    public void Suspects_on_eighty_columns() => Assert.Equal(
        """

          11.6 KiB in objects that are held - RSS 9.0 MiB
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          1. One list of 60 keeps 9.4 KiB alive, 81.0 % of the heap
             0x80: module app.points
             does it need all of that? Limit it, or remove what is done with
             hognose tree 4711 0x80
             of it: 5.2 KiB could be saved, 44.3 % of the heap: 60 app.Point, dicts of
             instances that could be slots
             see where examples stand
             hognose waste 4711

          2. 600 bytes could be saved, 5.0 % of the heap: 1 dict, storage far larger
             than its items need
             0x70: module app.spare
             see where examples stand
             hognose waste 4711

          hognose biggest 4711            what keeps the most alive, and who holds it
          hognose heap 4711               what the heap is made of

        """,
        DrawnHeap.Text(console => SuspectsReport.Write(console, "4711", DrawnHeap.Facts, HeapSuspects.Of(Heap(), DrawnHeap.Facts.Memory, 2, false), new DiagnosticBag())));

    [Fact]
    public void Memory_that_is_no_object_is_suspect_and_nothing_else_when_nothing_stands_out()
    {
        var heap = new DrawnHeap();
        var app = heap.Add("dict", 100, 100);
        heap.Module(app, "app");
        for (var i = 0; i < 100; i++)
            heap.Edge(app, heap.Add("bytes", 1000, 900, hash: (ulong)i + 1), ReferenceKind.Value, $"v{i}");
        var held = heap.Build();
        Assert.Empty(HeapSuspects.Of(held, DrawnHeap.Facts.Memory, 5, showsKeys: false).Suspects);
        var beyond = Assert.Single(HeapSuspects.Of(held, DrawnHeap.Facts.Memory with { Anonymous = 64 << 20 }, 5, showsKeys: false).Suspects);
        Assert.Equal((SuspectKind.BeyondObjects, (64L << 20) - 100_100), (beyond.Kind, beyond.Bytes));
        Assert.Contains(
            "Nothing stands out",
            DrawnHeap.Text(console => SuspectsReport.Write(console, "4711", DrawnHeap.Facts, HeapSuspects.Of(held, DrawnHeap.Facts.Memory, 5, false), new DiagnosticBag())),
            StringComparison.Ordinal);
    }

    /// <summary>Two rows that only C code holds, the second with a list; one object that a frame holds besides; one immortal, one interned, one borrowed.</summary>
    private static HeldHeap Audited()
    {
        var heap = new DrawnHeap();
        heap.Add("app.Row", 50, surplus: 1);
        int row = heap.Add("app.Row", 50, surplus: 3), list = heap.Add("list", 400, 0), framed = heap.Add("dict", 64, 0, surplus: 1);
        heap.Edge(row, list, ReferenceKind.Attribute, "rows");
        heap.Add("NoneType", 16, surplus: HeapGraph.NotCounted, flags: NodeFlags.Immortal);
        heap.Add("str", 60, 10, surplus: HeapGraph.NotCounted);
        heap.Add("str", 60, 10, surplus: -1);
        heap.Add("type", 400, surplus: 2, flags: NodeFlags.Static);
        heap.Add("tuple", 56, 2, surplus: 1, flags: NodeFlags.Root);
        return heap.Build(framed);
    }

    [Fact]
    public void The_audit_on_eighty_columns() => Assert.Equal(
        """

          C code holds 2 objects, 2 of them alone; 500 bytes retained
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Held by C code  references that nothing else explains; the only type
              retained     objects       alone  references  type, and one of them
             500 bytes           2           2           4  app.Row, 0x20
          alone: no Python object refers to them

          The rest
                     2  explained to the last reference
                     1  likely held by the interpreter: its structs lead to them
                     1  part of a binary, whose code refers to them
                     1  not known: interned strings, counted without their table
                     1  not known: immortal, not counted
                     1  fewer counted than found: borrowed references

          hognose refs 4711 0x20          what refers to one of the first
          hognose tree 4711 0x20          what it keeps alive

        """,
        DrawnHeap.Text(console => AuditReport.Write(console, "4711", DrawnHeap.Facts, ReferenceAudit.Of(Audited()), 5, new DiagnosticBag())));

    [Fact]
    public void As_json_every_figure_is_there()
    {
        using var audit = Json(output => AuditJson.Write(output, DrawnHeap.Facts, ReferenceAudit.Of(Audited()), new DiagnosticBag()));
        var row = Assert.Single(audit.RootElement.GetProperty("types").EnumerateArray());
        Assert.Equal(("app.Row", 2L, 4L, 500L, "0x20"), (
            row.GetProperty("type").GetString(), row.GetProperty("alone").GetInt64(), row.GetProperty("references").GetInt64(),
            row.GetProperty("retained_bytes").GetInt64(), row.GetProperty("example_address").GetString()));
        Assert.Equal(1, audit.RootElement.GetProperty("totals").GetProperty("borrowed").GetInt64());

        using var waste = Json(output => WasteJson.Write(output, DrawnHeap.Facts, HeapWaste.Of(Heap(), false), new DiagnosticBag()));
        var first = waste.RootElement.GetProperty("findings")[0];
        Assert.Equal(("instance_dicts", 5280L, "module app.points[0]"), (
            first.GetProperty("kind").GetString(), first.GetProperty("saved_bytes").GetInt64(), first.GetProperty("example_held_by").GetString()));

        using var suspects = Json(output => WasteJson.Write(output, "4711", DrawnHeap.Facts, HeapSuspects.Of(Heap(), DrawnHeap.Facts.Memory, 2, false), new DiagnosticBag()));
        var likely = suspects.RootElement.GetProperty("suspects")[0];
        Assert.Equal(("big_object", "hognose tree 4711 0x80", "module app.points"), (
            likely.GetProperty("kind").GetString(), likely.GetProperty("command").GetString(), likely.GetProperty("held_by").GetString()));
    }

    private static JsonDocument Json(Action<TextWriter> write)
    {
        using var text = new StringWriter();
        write(text);
        return JsonDocument.Parse(text.ToString());
    }
}
