using Hognose.Diagnostics;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>Ways that are told as one, on heaps drawn by hand: no member's name stands for all.</summary>
public class WaysReportTests
{
    private static readonly string[] Names = ["x", "y", "z", "w"];

    [Theory]
    [InlineData(1, "module app.rows[i].x")]
    [InlineData(2, "module app.rows[i](.x, .y)")]
    [InlineData(3, "module app.rows[i](.x, .y, .z)")]
    [InlineData(4, "module app.rows[i].*")]
    public void Attributes_in_which_members_differ_are_all_told(int names, string way)
    {
        var heap = new DrawnHeap();
        var rows = Rows(heap);
        for (var i = 0; i < 500; i++)
        {
            var row = heap.Add("app.Row", 48);
            heap.Edge(rows, row, ReferenceKind.Item, index: i);
            for (var name = 0; name < names; name++)
                heap.Edge(row, heap.Add("float", 24), ReferenceKind.Attribute, Names[name]);
        }
        var only = Assert.Single(HoldersOfType.Of(heap.Build(), "float", showsKeys: false)!.Ways);
        Assert.Equal((way, 500L * names), (only.HeldBy, only.Objects));
    }

    /// <summary>Each exception has a traceback, and that another one.</summary>
    [Fact]
    public void A_chain_that_is_longer_in_some_members_is_no_exact_way()
    {
        var heap = new DrawnHeap();
        var rows = Rows(heap);
        for (var i = 0; i < 100; i++)
        {
            int error = heap.Add("ValueError", 88), first = heap.Add("traceback", 48), second = heap.Add("traceback", 48);
            heap.Edge(rows, error, ReferenceKind.Item, index: i).Edge(error, first, ReferenceKind.Attribute, "__traceback__").Edge(first, second, ReferenceKind.Attribute, "tb_next");
        }
        var only = Assert.Single(HoldersOfType.Of(heap.Build(), "traceback", showsKeys: false)!.Ways);
        Assert.Equal(("module app.rows[i].__traceback__.tb_next(×0…n)", 200L), (only.HeldBy, only.Objects));
    }

    [Fact]
    public void Tasks_of_different_names_are_tasks()
    {
        var heap = new DrawnHeap();
        var rows = Rows(heap);
        for (var i = 0; i < 100; i++)
        {
            int task = heap.Add("_asyncio.Task", 200), coroutine = heap.Add("coroutine", 100), payload = heap.Add("bytearray", 500);
            heap.Named(task, $"handler-{i}").Named(coroutine, "handle").Edge(rows, task, ReferenceKind.Item, index: i)
                .Edge(task, coroutine, ReferenceKind.Attribute, "_coro").Edge(coroutine, payload, ReferenceKind.Local, "payload");
        }
        var only = Assert.Single(HoldersOfType.Of(heap.Build(), "bytearray", showsKeys: false)!.Ways);
        Assert.Equal(("module app.rows[i] → asyncio tasks → handle() · local 'payload'", 100L), (only.HeldBy, only.Objects));
    }

    /// <summary>A list of ten strings in each of 60 threads, and one of the main thread's in another function.</summary>
    [Fact]
    public void The_same_variable_in_many_threads_is_one_way()
    {
        var heap = new DrawnHeap();
        for (var i = 0; i < 60; i++)
        {
            var chunk = heap.Add("list", 100, 10);
            heap.Local(chunk, "work", "chunk", thread: i + 2, threadName: $"Thread-{i + 10} (work)");
            for (var k = 0; k < 10; k++)
                heap.Edge(chunk, heap.Add("str", 50), ReferenceKind.Item, index: k);
        }
        var other = heap.Add("list", 100, 1);
        heap.Local(other, "main", "chunk").Edge(other, heap.Add("str", 50), ReferenceKind.Item, index: 0);
        Assert.Equal(
            [("threads \"Thread-… (work)\" · work() app.py:7 · local 'chunk'[i]", 600L, 30_000L), ("main() app.py:7 · local 'chunk'[0]", 1L, 50L)],
            HoldersOfType.Of(heap.Build(), "str", showsKeys: false)!.Ways.Select(way => (way.HeldBy, way.Objects, way.Retained)));
    }

    [Theory]
    [InlineData("worker", "worker", "threads \"worker\" · work() app.py:7 · local 'rows'")]
    [InlineData("reader", "", "threads · work() app.py:7 · local 'rows'")]
    [InlineData("reader", "writer", "threads \"…er\" · work() app.py:7 · local 'rows'")]
    [InlineData("pool-12", "pool-1", "threads \"pool-…\" · work() app.py:7 · local 'rows'")]
    public void Threads_are_told_by_what_their_names_have_in_common(string first, string second, string way)
    {
        var heap = new DrawnHeap();
        heap.Local(heap.Add("list", 100, 1), "work", "rows", thread: 2, threadName: first).Local(heap.Add("list", 100, 1), "work", "rows", thread: 3, threadName: second);
        Assert.Equal((way, 2L), Assert.Single(HoldersOfType.Of(heap.Build(), "list", showsKeys: false)!.Ways) is var only ? (only.HeldBy, only.Objects) : default);
    }

    /// <summary>The innermost call has come to another line.</summary>
    [Fact]
    public void The_same_variable_in_calls_within_calls_is_one_way()
    {
        var heap = new DrawnHeap();
        for (var i = 0; i < 20; i++)
            heap.Local(heap.Add("bytearray", 3000, 3000), "descend", "buffer", line: i == 0 ? 9 : 7);
        var only = Assert.Single(HoldersOfType.Of(heap.Build(), "bytearray", showsKeys: false)!.Ways);
        Assert.Equal(("descend() app.py · local 'buffer'", 20L, 60_000L), (only.HeldBy, only.Objects, only.Retained));
    }

    [Fact]
    public void What_code_holds_is_one_way_that_leads_to_the_audit()
    {
        var heap = new DrawnHeap();
        for (var i = 0; i < 1_500; i++)
            heap.Add("app.Conn", 50, surplus: 1);
        Assert.Equal(
            """

              app.Conn: 1,500 objects, 73.2 KiB of their own
              pid 4711 (python3), Python 3.11.7, 3 threads
              The process stood still for 42 ms.

              Held by  the only way
                objects    retained  way
                  1,500    73.2 KiB  C code: app.Conn

              hognose audit 4711              what C code holds, type by type
              hognose biggest 4711            what keeps the most alive

            """,
            DrawnHeap.Text(console => HoldersReport.Write(console, DrawnHeap.Facts, HoldersOfType.Of(heap.Build(), "app.Conn", showsKeys: false)!, 12, new DiagnosticBag())));
    }

    /// <summary>app's namespace → rows.</summary>
    private static int Rows(DrawnHeap heap)
    {
        int app = heap.Add("dict", 100, 1), rows = heap.Add("list", 100, 1);
        heap.Module(app, "app").Edge(app, rows, ReferenceKind.Value, "rows");
        return rows;
    }
}
