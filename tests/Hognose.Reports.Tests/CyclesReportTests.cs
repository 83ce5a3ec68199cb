using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Collections;
using Hognose.Insights.Cycles;
using Hognose.Insights.Holding;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>Cycles on a heap drawn by hand.</summary>
public class CyclesReportTests
{
    private static readonly CollectorState Collector = new(
        0, true, 0, false, false,
        [new GenerationState(700, 12, 1_234, 56_789, 0, 1.25, 0) { Objects = 1_234_567 }, new GenerationState(10, 3, 112, 2_345_678, 0, 0.5, 0) { Objects = 940 }], 0, 0, null);

    /// <summary>
    /// Garbage: two rings of nodes that share 4,000 bytes; a list that refers to itself and to 9,000 bytes; a ring of links, one of which leads to the first ring of
    /// nodes. Held: app → a living ring with 500 bytes below.
    /// </summary>
    private static HeldHeap Heap()
    {
        var heap = new DrawnHeap();
        var app = heap.Add("dict", 100, 1);
        heap.Module(app, "app");
        int a = heap.Add("app.Node", 50), b = heap.Add("app.Node", 50), c = heap.Add("app.Node", 50), d = heap.Add("app.Node", 50), shared = heap.Add("bytes", 4000, 3967);
        Ring(heap, a, b, "peer").Edge(a, shared);
        Ring(heap, c, d, "peer").Edge(c, shared);
        int list = heap.Add("list", 88, 2), large = heap.Add("bytearray", 9000, 9000);
        heap.Edge(list, list, ReferenceKind.Item, index: 0).Edge(list, large, ReferenceKind.Item, index: 1);
        int link = heap.Add("app.Link", 60), other = heap.Add("app.Link", 60);
        Ring(heap, link, other, "next").Edge(other, a, ReferenceKind.Attribute, "node");
        int living = heap.Add("app.Live", 70), itself = heap.Add("app.Live", 70);
        return Ring(heap, living, itself, "twin").Edge(app, living, ReferenceKind.Value, "live").Edge(living, heap.Add("bytes", 500, 467)).Build();
    }

    private static DrawnHeap Ring(DrawnHeap heap, int one, int other, string name) =>
        heap.Edge(one, other, ReferenceKind.Attribute, name).Edge(other, one, ReferenceKind.Attribute, name);

    [Fact]
    public void What_the_collector_keeps_is_wrapped_and_not_cut()
    {
        var reading = new CollectorReading(DateTimeOffset.UnixEpoch, [Collector with { TrackedObjects = 17_986, FrozenObjects = 17_484 }]);
        var text = DrawnHeap.Text(console => CollectorReport.WriteNow(console, new CollectorProcess(4711, "python3", "3.15.0", "3.15.0"), reading));
        Assert.Contains("17,986 objects tracked; gc.freeze() keeps 17,484 objects out of collections", string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Cycles_on_eighty_columns() => Assert.Equal(
        """

          A collection would free 9 objects, 13.1 KiB
          pid 4711 (python3), Python 3.11.7, 3 threads
          The process stood still for 42 ms.

          Garbage  4 cycles; all 3 kinds
               cycles    objects       frees  round
                    1          1     8.9 KiB  list[0] -> list
                    2          4     4.1 KiB  app.Node.peer -> app.Node.peer -> app.Node
                    1          2   220 bytes  app.Link.next -> app.Link.next -> app.Link

          Living cycles  1 cycle; the only kind
               cycles    objects        keep  round
                    1          2   640 bytes  app.Live.twin -> app.Live.twin -> app.Live

          The collector is on.

          gen   objects   count threshold collections  collected uncollectable      time
            0 1,234,567      12       700       1,234     56,789             0    1.25 s
            1       940       3        10         112  2,345,678             0    500 ms

          gc.garbage holds 0 objects; 0 callbacks

          hognose refs 4711 0x70          what leads to one of the first, and from it
          hognose biggest 4711            what keeps the most alive

        """,
        DrawnHeap.Text(console => CyclesReport.Write(console, DrawnHeap.Facts, HeapCycles.Of(Heap(), [Collector], CancellationToken.None), 10, new DiagnosticBag())));

    /// <summary>All three garbage shapes together free all garbage; the link's ring frees itself and the ring of nodes that only it leads to.</summary>
    [Fact]
    public void Each_shape_frees_what_hangs_below_it()
    {
        var cycles = HeapCycles.Of(Heap(), [], CancellationToken.None);
        Assert.Equal([9088, 4200, 220], cycles.Garbage.Select(shape => shape.Retained));
        Assert.Equal([88, 200, 120], cycles.Garbage.Select(shape => shape.Bytes));
        Assert.Equal(640, Assert.Single(cycles.Live).Retained);
    }
}
