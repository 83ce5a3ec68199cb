using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>The whole walk over a heap whose every object is known, on versions that no machine here has.</summary>
public sealed class SyntheticHeapTests
{
    [Theory, ClassData(typeof(AllLayouts))]
    public void A_walk_finds_every_object_its_size_and_its_references(string version)
    {
        using var target = new SyntheticTarget(AllLayouts.Of(version));
        var layout = AllLayouts.Of(version);
        var key = target.Objects.NewText("answer");
        var number = target.Objects.NewInt(42);
        var bytes = target.Objects.NewBytes("hog"u8);
        var tuple = target.Objects.NewTuple(number, bytes);
        var dict = target.Objects.NewDict((key, tuple));
        var list = target.Objects.NewList(dict, tuple, number);
        var trouble = new DiagnosticBag();

        var graph = HeapWalk.Run(target.Frozen, target.Regions, target.Runtime, layout, layout.Version, Limits.Default, trouble, null, TestContext.Current.CancellationToken);

        Assert.Equal(0, trouble.Total);
        Assert.Equal([dict.Value, tuple.Value, number.Value], Referents(graph, list.Value));
        Assert.Equal([key.Value, tuple.Value], Referents(graph, dict.Value).Order());
        Assert.Equal([number.Value, bytes.Value], Referents(graph, tuple.Value));
        Assert.Equal(layout.PyASCIIObject.Size + "answer".Length + 1, SizeOf(graph, key.Value));
        Assert.Equal(layout.PyBytesObject.ob_sval + "hog".Length + 1, SizeOf(graph, bytes.Value));
        Assert.Equal(layout.PyLongObject.ob_digit + sizeof(uint), SizeOf(graph, number.Value));
        Assert.Equal(layout.PyGCHead.Size + layout.PyListObject.Size + 3 * sizeof(ulong), SizeOf(graph, list.Value));
        Assert.Equal(layout.PyGCHead.Size + layout.PyTupleObject.ob_item + 2 * sizeof(ulong), SizeOf(graph, tuple.Value));
    }

    private static List<ulong> Referents(HeapGraph graph, ulong address)
    {
        var referents = new List<ulong>();
        foreach (var edge in graph.EdgesOf(NodeAt(graph, address)))
            if (HeapGraph.KindOf(edge) != EdgeKind.Cons)
                referents.Add(graph.Addresses[HeapGraph.TargetOf(edge).Value]);
        return referents;
    }

    private static long SizeOf(HeapGraph graph, ulong address) => graph.Sizes[NodeAt(graph, address).Value];

    private static NodeId NodeAt(HeapGraph graph, ulong address) => graph.TryFind(address, out var node)
        ? node
        : throw new InvalidOperationException($"the walk did not find 0x{address:x}");
}
