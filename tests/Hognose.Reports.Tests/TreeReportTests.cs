using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>What retains what, and what refers to what, on a heap drawn by hand.</summary>
public class TreeReportTests
{
    /// <summary>
    /// app's namespace (0) → CACHE, a list (1) → 10 bytes objects (2 … 11); → page (12) → its dict (13) → rows (14), shared (15); CACHE → shared;
    /// a weak reference (16) to page.
    /// </summary>
    private static HeldHeap Heap()
    {
        var heap = new DrawnHeap();
        var app = heap.Add("dict", 100, 4);
        heap.Module(app, "app");
        var cache = heap.Add("list", 200, 11);
        heap.Edge(app, cache, ReferenceKind.Value, "CACHE");
        for (var i = 0; i < 10; i++)
            heap.Edge(cache, heap.Add("bytes", 1000 - i, 900), ReferenceKind.Item, index: i);
        int page = heap.Add("app.Page", 48), dict = heap.Add("dict", 104, 2), rows = heap.Add("list", 4000, 0), shared = heap.Add("str", 500, 450);
        heap.Edge(app, page, ReferenceKind.Value, "page").Edge(page, dict, ReferenceKind.Namespace)
            .Edge(dict, rows, ReferenceKind.Value, "rows").Edge(dict, shared, ReferenceKind.Value, "title").Edge(cache, shared, ReferenceKind.Item, index: 10);
        var weak = heap.Add("weakref.ReferenceType", 72);
        return heap.Edge(app, weak, ReferenceKind.Value, "weak").Weak(weak, page).Build();
    }

    [Fact]
    public void The_tree_on_eighty_columns() => Assert.Equal(
        """

          14.6 KiB held
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Tree  beneath each object what would be freed with it
            share    retained  object
          100.0 %    14.6 KiB  module app  dict of 4, 0x10
           67.8 %     9.9 KiB    .CACHE  list of 11, 0x20
            6.7 %  1000 bytes      [0]  bytes of 900, 0x30
            6.7 %   999 bytes      [1]  bytes of 900, 0x40
           53.1 %     7.8 KiB      ... 8 other objects: 8 bytes 7.8 KiB
           27.7 %     4.1 KiB    .page  app.Page, 0xd0
           26.7 %     3.9 KiB      .rows  list of 0, 0xf0
            3.8 %   572 bytes    ... 2 other objects: 1 str 500 bytes, 1
                                 weakref.ReferenceType 72 bytes

          hognose tree 4711 0x30          on from there
          hognose refs 4711 0x30          what refers to it, and what it refers to
          hognose biggest 4711            what keeps the most alive, and who holds it

        """,
        DrawnHeap.Text(console => TreeReport.Write(console, "4711", DrawnHeap.Facts, RetainedTree.Of(Heap(), null, 3, 2, false)!, new DiagnosticBag())));

    [Fact]
    public void A_tree_from_an_object_leaves_out_the_dict_of_its_attributes()
    {
        var tree = RetainedTree.Of(Heap(), 13 * 16, 2, 5, showsKeys: false)!;
        Assert.Equal(("module app.page", 4152L), (tree.Top.Reference, tree.Top.Retained));
        Assert.Equal((".rows", "list", 4000L), Assert.Single(tree.Top.Parts) is var rows ? (rows.Reference, rows.Object!.Type, rows.Retained) : default);
        Assert.Null(RetainedTree.Of(Heap(), 7, 2, 5, showsKeys: false));
    }

    [Fact]
    public void What_several_ways_lead_to_is_said()
    {
        var shared = RetainedTree.Of(Heap(), 16, 1, 20, showsKeys: false)!.Top.Parts.Single(part => part.Object!.Type == "str");
        Assert.Equal("", shared.Reference);
        Assert.Contains(
            "(several ways)  str of 450",
            DrawnHeap.Text(console => TreeReport.Write(console, "4711", DrawnHeap.Facts, RetainedTree.Of(Heap(), 16, 1, 20, false)!, new DiagnosticBag())),
            StringComparison.Ordinal);
    }

    [Fact]
    public void References_on_eighty_columns() => Assert.Equal(
        """

          app.Page, 0xd0: 48 bytes of its own, 4.1 KiB retained
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Referred to by  2 objects, 172 bytes of their own
                 bytes    retained  name   object
             100 bytes    14.6 KiB  .page  dict of 4, 0x10
              72 bytes    72 bytes  weak   weakref.ReferenceType, 0x110
          weak: holds nothing

          Refers to  1 object, 104 bytes of their own
                 bytes    retained  name       object
             104 bytes     4.0 KiB  .__dict__  dict of 2, 0xe0

          hognose why 4711 0xd0           the ways to it from modules and variables
          hognose tree 4711 0xd0          what would be freed with it

        """,
        DrawnHeap.Text(console => ReferencesReport.Write(console, "4711", DrawnHeap.Facts, ReferencesOfObject.Of(Heap(), 13 * 16, 5, false)!, new DiagnosticBag())));

    [Fact]
    public void References_beyond_those_shown_are_counted()
    {
        var references = ReferencesOfObject.Of(Heap(), 32, 3, showsKeys: false)!;
        Assert.Equal((11L, 8L, 9955L + 500), (references.Referents.Objects, references.Referents.Left, references.Referents.Shallow));
        Assert.Equal(["[0]", "[1]", "[2]"], references.Referents.Shown.Select(each => each.Name));
        Assert.Null(ReferencesOfObject.Of(Heap(), 7, 3, showsKeys: false));
    }

    [Fact]
    public void As_json_every_figure_is_there()
    {
        using var text = new StringWriter();
        TreeJson.Write(text, DrawnHeap.Facts, RetainedTree.Of(Heap(), null, 3, 2, false)!, new DiagnosticBag());
        using var tree = JsonDocument.Parse(text.ToString());
        var cache = tree.RootElement.GetProperty("top").GetProperty("parts")[0].GetProperty("parts")[0];
        Assert.Equal((".CACHE", 10155L, 8L, 7956L, "0x20"), (
            cache.GetProperty("reference").GetString(), cache.GetProperty("retained_bytes").GetInt64(), cache.GetProperty("other_objects").GetInt64(),
            cache.GetProperty("other_bytes").GetInt64(), cache.GetProperty("object").GetProperty("address").GetString()));
        var others = Assert.Single(cache.GetProperty("other_types").EnumerateArray());
        Assert.Equal(("bytes", 8L, 7956L), (others.GetProperty("type").GetString(), others.GetProperty("objects").GetInt64(), others.GetProperty("retained_bytes").GetInt64()));

        using var more = new StringWriter();
        ReferencesJson.Write(more, DrawnHeap.Facts, ReferencesOfObject.Of(Heap(), 13 * 16, 5, false)!, new DiagnosticBag());
        using var references = JsonDocument.Parse(more.ToString());
        var weak = references.RootElement.GetProperty("referrers").GetProperty("shown")[1];
        Assert.Equal(("weak", true, 0L), (weak.GetProperty("name").GetString(), weak.GetProperty("is_weak").GetBoolean(), references.RootElement.GetProperty("references_from_outside").GetInt64()));
    }
}
