using System.Text.Json;
using Hognose.Heap.Naming;
using Hognose.Insights.Growth;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>What grew: every new byte is in a row, that of garbage and that of C code in rows of their own.</summary>
public sealed class DiffReportTests
{
    [Fact]
    public void Every_new_byte_is_held_by_somebody_or_said_to_be_held_by_nobody()
    {
        var diff = HeapDiff.Of(Heap(hasGrown: false), Heap(hasGrown: true), areOneProcess: true, showsKeys: false);
        Assert.Equal(
            [(GrowthKind.Object, 1L, 700L), (GrowthKind.Garbage, 2, 500), (GrowthKind.Code, 3, 300), (GrowthKind.Several, 1, 10)],
            diff.Holders.Select(holder => (holder.Kind, holder.Objects, holder.Retained)));
        Assert.Equal(diff.NewBytes, diff.Holders.Sum(holder => holder.Retained));
        Assert.Equal((8, 1510), (diff.NewObjects, diff.NewBytes));
    }

    [Fact]
    public void The_report_names_the_variable_and_the_commands_that_tell_more()
    {
        IReadOnlyList<HeldHeap> heaps = [Heap(hasGrown: false), Heap(hasGrown: true)];
        var diff = HeapDiff.Of(heaps[0], heaps[1], areOneProcess: true, showsKeys: false);
        var text = DrawnHeap.Text(console => DiffReport.Write(console, [DrawnHeap.Facts, DrawnHeap.Facts], diff, 10));
        Assert.Contains("module app: dict of 2, 0x10; in .keep: list", text, StringComparison.Ordinal);
        Assert.Contains("nothing: garbage that a collection would free", text, StringComparison.Ordinal);
        Assert.Contains("hognose cycles 4711", text, StringComparison.Ordinal);
        Assert.Contains("hognose audit 4711", text, StringComparison.Ordinal);

        using var output = new StringWriter();
        DiffJson.Write(output, [DrawnHeap.Facts, DrawnHeap.Facts], diff);
        using var json = JsonDocument.Parse(output.ToString());
        var holders = json.RootElement.GetProperty("holders").EnumerateArray().ToList();
        Assert.Equal(["object", "garbage", "code", "several"], holders.Select(holder => holder.GetProperty("kind").GetString()));
        Assert.Equal(".keep", holders[0].GetProperty("largest").GetProperty("reference").GetString());
        Assert.Equal(JsonValueKind.Null, holders[1].GetProperty("largest").ValueKind);
    }

    /// <summary>app and its dict; grown by app.keep with an item, a ring of two, three tuples that C code holds and an object that two dicts hold.</summary>
    private static HeldHeap Heap(bool hasGrown)
    {
        var heap = new DrawnHeap();
        var (app, other) = (heap.Add("dict", 64, length: 2), heap.Add("dict", 64, length: 2));
        heap.Module(app, "app").Module(other, "other");
        if (!hasGrown)
            return heap.Build();
        var (keep, item) = (heap.Add("list", 200), heap.Add("bytes", 500));
        heap.Edge(app, keep, ReferenceKind.Value, "keep").Edge(keep, item, ReferenceKind.Item, index: 0);
        var (one, two) = (heap.Add("app.Node", 250), heap.Add("app.Node", 250));
        heap.Edge(one, two, ReferenceKind.Attribute, "other").Edge(two, one, ReferenceKind.Attribute, "other");
        for (var leaked = 0; leaked < 3; leaked++)
            heap.Add("tuple", 100, surplus: 1);
        var shared = heap.Add("str", 10);
        heap.Edge(app, shared, ReferenceKind.Value, "text").Edge(other, shared, ReferenceKind.Value, "text");
        return heap.Build();
    }
}
