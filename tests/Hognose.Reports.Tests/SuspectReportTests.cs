using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Insights.Waste;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Tests;

/// <summary>Suspects on heaps drawn by hand: who keeps a frame, garbage that is frozen, causes within causes.</summary>
public class SuspectReportTests
{
    private const int Generators = 60;

    /// <summary>app → G, a list of generators as 3.10 has them: each → frame → rows, a list of 1,000 bytes.</summary>
    [Fact]
    public void Frames_of_generators_are_told_by_their_generators()
    {
        var heap = new DrawnHeap();
        var list = Global(heap, "G");
        for (var i = 0; i < Generators; i++)
        {
            int generator = heap.Add("generator", 100), frame = heap.Add("frame", 400), rows = heap.Add("list", 1000, 100);
            heap.Named(generator, "rows").Edge(list, generator, ReferenceKind.Item, index: i)
                .Edge(generator, frame, ReferenceKind.Attribute, "gi_frame").Edge(frame, rows, ReferenceKind.Local, "buffer");
        }
        var suspects = Suspects(heap.Build());
        var only = Assert.Single(suspects);
        Assert.Equal((SuspectKind.BigObject, "list"), (only.Kind, only.Type));
        var part = Assert.Single(only.Parts);
        Assert.Equal((SuspectKind.SuspendedFunctions, "generator", Generators, 1500L * Generators, "rows", true), (part.Kind, part.Type, part.Objects, part.Bytes, part.Function, part.AreAllOfFunction));
        Assert.Equal("60 generator objects of rows() keep 87.9 KiB alive, 99.8 % of the heap", SuspectWordsOf(part));
    }

    /// <summary>app → errors → exceptions → traceback → traceback → frame: one cause seen in three ways.</summary>
    [Fact]
    public void Kept_exceptions_are_one_cause_with_the_list_that_keeps_them()
    {
        var heap = new DrawnHeap();
        var list = Global(heap, "errors");
        for (var i = 0; i < 5; i++)
        {
            int error = heap.Add("ValueError", 88), outer = heap.Add("traceback", 48), inner = heap.Add("traceback", 48), frame = heap.Add("frame", 5000);
            heap.Edge(list, error, ReferenceKind.Item, index: i).Edge(error, outer, ReferenceKind.Attribute, "__traceback__")
                .Edge(outer, inner, ReferenceKind.Attribute, "tb_next").Edge(inner, frame, ReferenceKind.Attribute, "tb_frame");
        }
        var only = Assert.Single(Suspects(heap.Build()));
        var part = Assert.Single(only.Parts);
        Assert.Equal((SuspectKind.BigObject, SuspectKind.KeptTracebacks, 10L, 5 * 5096L), (only.Kind, part.Kind, part.Objects, part.Bytes));
    }

    /// <summary>A frame that a call under way has refers to the one that called it, and no object of the program to either.</summary>
    [Fact]
    public void Only_frames_that_an_object_keeps_are_kept()
    {
        var heap = new DrawnHeap();
        int running = heap.Add("frame", 400, surplus: 1), caller = heap.Add("frame", 400);
        heap.Edge(running, caller, ReferenceKind.Attribute, "f_back").Edge(caller, heap.Add("bytes", 9000, 9000, hash: 1), ReferenceKind.Local, "data");
        Assert.DoesNotContain(Suspects(heap.Build()), suspect => suspect.Kind is SuspectKind.KeptFrames or SuspectKind.KeptTracebacks);

        heap = new DrawnHeap();
        var list = Global(heap, "kept");
        int first = heap.Add("frame", 9000), second = heap.Add("frame", 9000);
        heap.Edge(list, first, ReferenceKind.Item, index: 0).Edge(list, second, ReferenceKind.Item, index: 1);
        Assert.Contains(Assert.Single(Suspects(heap.Build())).Parts, part => part is { Kind: SuspectKind.KeptFrames, Objects: 2, Bytes: 18000 });
    }

    /// <summary>app → all, a list → six lists of 10,000 bytes each.</summary>
    [Fact]
    public void A_smaller_cause_within_another_is_named_as_its_part()
    {
        var heap = new DrawnHeap();
        var all = Global(heap, "all");
        for (var i = 0; i < 2_000; i++)
            heap.Edge(all, heap.Add(i < 1_000 ? "app.Row" : "app.Cell", i < 1_000 ? 20 : 80), ReferenceKind.Item, index: i);
        var held = heap.Build();
        var suspects = Suspects(held);
        Assert.Equal([SuspectKind.BigObject, SuspectKind.ManyOfAType], suspects.Select(suspect => suspect.Kind));
        Assert.Equal("app.Cell", Assert.Single(suspects[0].Parts).Type);
        Assert.Equal(("app.Row", 1), (suspects[1].Type, suspects[1].PartOf));
        Assert.Contains(
            "part of what no. 1 keeps",
            DrawnHeap.Text(console => SuspectsReport.Write(console, "4711", DrawnHeap.Facts, HeapSuspects.Of(held, DrawnHeap.Facts.Memory, 5, false), new DiagnosticBag())),
            StringComparison.Ordinal);
        // What is folded needs no place of its own.
        Assert.Equal("app.Cell", Assert.Single(Assert.Single(HeapSuspects.Of(held, DrawnHeap.Facts.Memory, 1, false).Suspects).Parts).Type);
    }

    /// <summary>A cycle that gc.freeze() took, with 9,000 bytes below it, and one that waits for a collection.</summary>
    [Fact]
    public void Frozen_garbage_is_told_from_garbage_that_a_collection_frees()
    {
        var heap = new DrawnHeap();
        Global(heap, "app");
        int frozen = heap.Add("app.Frozen", 1000, flags: NodeFlags.Tracked | NodeFlags.Frozen), below = heap.Add("bytearray", 9000, 9000);
        var waits = heap.Add("app.Waits", 2000, flags: NodeFlags.Tracked);
        var held = heap.Edge(frozen, frozen, ReferenceKind.Attribute, "me").Edge(frozen, below).Edge(waits, waits, ReferenceKind.Attribute, "me").Build();
        Assert.Equal(
            [(SuspectKind.FrozenGarbage, 10000L, 2L), (SuspectKind.Garbage, 2000L, 1L)],
            Suspects(held).Where(suspect => suspect.Kind != SuspectKind.BigObject).Select(suspect => (suspect.Kind, suspect.Bytes, suspect.Objects)));
        var biggest = BiggestObjects.Of(held, 3, showsKeys: false);
        Assert.Equal((2000L, 1L, 10000L), (biggest.GarbageBytes, biggest.GarbageObjects, Assert.Single(biggest.KeptGarbage).Bytes));
        Assert.Equal(
            "nothing: it is garbage that gc.freeze() keeps; gc.unfreeze() and then gc.collect() would free it",
            Assert.Single(HoldersOfType.Of(held, "bytearray", showsKeys: false)!.Ways).HeldBy);
        Assert.Equal("nothing: it is garbage that a collection would free", Assert.Single(HoldersOfType.Of(held, "app.Waits", showsKeys: false)!.Ways).HeldBy);
    }

    /// <summary>No list of sixty is much, and no object holds all of them; the queue is every call's.</summary>
    [Fact]
    public void Variables_of_many_calls_of_a_function_are_one_cause()
    {
        var heap = new DrawnHeap();
        Global(heap, "app");
        var queue = heap.Add("app.Queue", 70_000);
        for (var i = 0; i < 60; i++)
        {
            var chunk = heap.Add("list", 1000, 1);
            int row = heap.Add("app.Row", 3000), seen = heap.Add("list", 9000, 1);
            heap.Local(chunk, "work", "chunk", i + 2, $"Thread-{i}").Local(queue, "work", "queue", i + 2, $"Thread-{i}").Local(seen, "work", "seen", i + 2, $"Thread-{i}");
            // A row that knows its list is no holder of its own; the queue that lists what was seen is.
            heap.Edge(chunk, row, ReferenceKind.Item, index: 0).Edge(row, chunk, ReferenceKind.Attribute, "owner").Edge(queue, seen, ReferenceKind.Attribute, $"seen{i}");
        }
        var calls = Assert.Single(Suspects(heap.Build()), suspect => suspect.Kind == SuspectKind.RunningCalls);
        Assert.Equal(("list", 60L, 60 * 4000L, "work"), (calls.Type, calls.Objects, calls.Bytes, calls.Function));
        Assert.Equal("threads \"Thread-…\" · work() app.py:7 · local 'chunk'", calls.HeldBy);
        Assert.StartsWith("Variables of 60 calls of work() under way keep 234.4 KiB alive, ", SuspectWordsOf(calls), StringComparison.Ordinal);
        Assert.Equal("hognose why 4711 list", CommandOf(calls));
    }

    [Fact]
    public void One_call_of_a_function_is_no_cause_beside_its_objects()
    {
        var heap = new DrawnHeap();
        heap.Local(heap.Add("list", 9000, 1), "main", "rows").Local(heap.Add("list", 9000, 1), "main", "seen");
        Assert.DoesNotContain(Suspects(heap.Build()), suspect => suspect.Kind == SuspectKind.RunningCalls);
    }

    [Theory]
    [InlineData(ResidentKind.Buffers, "1 app.Store owns 48.0 MiB beyond its own size, 75.0 % of the process's own memory")]
    [InlineData(ResidentKind.SharedOfObjects, "1 app.Store maps 48.0 MiB of memory, 75.0 % of the process's own memory")]
    public void What_an_object_owns_beyond_its_size_is_told_with_the_object(ResidentKind kind, string claim)
    {
        var heap = new DrawnHeap();
        heap.Edge(Global(heap, "app"), heap.Add("app.Store", 100), ReferenceKind.Item, index: 0);
        var owned = Assert.Single(Suspects(heap.Build(), Account(48, new(kind, "app.Store", 48 << 20, 1), 16)), suspect => suspect.Kind != SuspectKind.BigObject);
        Assert.Equal((SuspectKind.OwnedMemory, "app.Store", "module app.app[0]"), (owned.Kind, owned.Type, owned.HeldBy));
        Assert.Equal((claim, "hognose why 4711 app.Store"), (SuspectWordsOf(owned), CommandOf(owned)));
    }

    [Fact]
    public void Shared_memory_that_nothing_leads_to_is_named_and_no_more_than_once()
    {
        var heap = new DrawnHeap();
        Global(heap, "app");
        var shared = Assert.Single(Suspects(heap.Build(), Account(48, new(ResidentKind.Shared, "/dev/shm/segment", 48 << 20, 1), 16)), suspect => suspect.Kind != SuspectKind.BigObject);
        Assert.Equal((SuspectKind.SharedMemory, "hognose rss 4711"), (shared.Kind, CommandOf(shared)));
        Assert.Equal("48.0 MiB of shared memory, 75.0 % of the process's own memory, are mapped, and no object leads to them", SuspectWordsOf(shared));
    }

    /// <summary>Of which the kernel's account is not known, but what was dumped is.</summary>
    [Fact]
    public void Memory_beyond_objects_is_seen_in_a_core_too()
    {
        var heap = new DrawnHeap();
        Global(heap, "app");
        var ofCore = DrawnHeap.Facts with { Memory = new ProcessMemory(0, 0, 0, 0, 0, 0), Core = new CoreFacts("/tmp/core", 6, "") };
        var suspects = HeapSuspects.Of(heap.Build(), ofCore.Memory, 5, showsKeys: false, () => Account(0, new(ResidentKind.Unheld, "", 64 << 20, 9), 64));
        Assert.Equal(SuspectKind.BeyondObjects, suspects.Suspects[0].Kind);
        Assert.Equal(1, suspects.Suspects[0].Share, 3);
        Assert.DoesNotContain("RSS", DrawnHeap.Text(console => SuspectsReport.Write(console, "/tmp/core", ofCore, suspects, new DiagnosticBag())), StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_beyond_objects_leads_to_rss_which_can_show_it()
    {
        var heap = new DrawnHeap();
        Global(heap, "app");
        var beyond = Assert.Single(HeapSuspects.Of(heap.Build(), DrawnHeap.Facts.Memory with { Anonymous = 64 << 20 }, 5, showsKeys: false).Suspects, suspect => suspect.Kind == SuspectKind.BeyondObjects);
        Assert.Equal("hognose rss 4711", CommandOf(beyond));
    }

    /// <summary>Classes of instances of which each has a dict of 104 bytes: one derives from int, which CPython refuses slots.</summary>
    [Fact]
    public void What_derives_from_a_type_of_variable_size_could_have_no_slots()
    {
        var heap = new DrawnHeap();
        var list = Global(heap, "all");
        for (var i = 0; i < 200; i++)
        {
            int instance = i % 2 == 0 ? heap.Add("app.Kind", 28, isVariableSize: true) : heap.Add("app.Plain", 48), dict = heap.Add("dict", 104, 1);
            heap.Edge(list, instance, ReferenceKind.Item, index: i).Edge(instance, dict, ReferenceKind.Namespace);
        }
        Assert.Equal(["app.Plain"], HeapWaste.Of(heap.Build(), showsKeys: false).Findings.Where(finding => finding.Kind == WasteKind.InstanceDicts).Select(finding => finding.Type));
    }

    /// <summary>A large empty list that something of the interpreter's has, and a hundred smaller ones of instances.</summary>
    [Fact]
    public void The_example_of_waste_is_held_as_most_are()
    {
        var heap = new DrawnHeap();
        var odd = Global(heap, "odd");
        heap.Edge(odd, heap.Add("list", 120, 0), ReferenceKind.Item, index: 0);
        var events = Global(heap, "events");
        for (var i = 0; i < 100; i++)
        {
            int one = heap.Add("app.Event", 48), handlers = heap.Add("list", 56, 0);
            heap.Edge(events, one, ReferenceKind.Item, index: i).Edge(one, handlers, ReferenceKind.Attribute, "handlers");
        }
        var finding = Assert.Single(HeapWaste.Of(heap.Build(), showsKeys: false).Findings, finding => finding.Kind == WasteKind.EmptyContainers);
        Assert.Equal((101L, "module events.events[0].handlers"), (finding.Objects, finding.HeldBy));
    }

    /// <summary>A module of this name, and in it a list of the same.</summary>
    private static int Global(DrawnHeap heap, string name)
    {
        int module = heap.Add("dict", 100, 1), list = heap.Add("list", 100, 5);
        heap.Module(module, name).Edge(module, list, ReferenceKind.Value, name);
        return list;
    }

    private static IReadOnlyList<Suspect> Suspects(HeldHeap heap) => HeapSuspects.Of(heap, DrawnHeap.Facts.Memory, 5, showsKeys: false).Suspects;

    /// <summary>With the account of a process of so much shared and anonymous memory.</summary>
    private static IReadOnlyList<Suspect> Suspects(HeldHeap heap, ResidentMemory account) => HeapSuspects.Of(
        heap, DrawnHeap.Facts.Memory with { Anonymous = account.Own - (48 << 20), Shared = 48 << 20 }, 5, showsKeys: false, () => account).Suspects;

    /// <param name="shared">Mebibytes that are no anonymous memory.</param>
    /// <param name="anonymous">Mebibytes.</param>
    private static ResidentMemory Account(long shared, ResidentPart part, long anonymous)
    {
        var isShared = part.Kind is ResidentKind.Shared or ResidentKind.SharedOfObjects;
        return new ResidentMemory(
            [part], [new("", 1, (shared + anonymous) << 20, 0, 0, 0, (isShared ? anonymous : shared + anonymous) << 20, 0)], new PoolUse([], [], 16384, 0, 0, 0, 0),
            new MallocUse([], 0, 0, 0), 0);
    }

    private static string SuspectWordsOf(Suspect suspect) => Json(suspect).GetProperty("claim").GetString()!;

    private static string CommandOf(Suspect suspect) => Json(suspect).GetProperty("command").GetString()!;

    private static System.Text.Json.JsonElement Json(Suspect suspect)
    {
        using var text = new StringWriter();
        WasteJson.Write(text, "4711", DrawnHeap.Facts, new HeapSuspects([suspect], 0, 0), new DiagnosticBag());
        return System.Text.Json.JsonDocument.Parse(text.ToString()).RootElement.GetProperty("suspects")[0];
    }
}
