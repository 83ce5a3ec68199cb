using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>
/// Objects that all claim the same memory, and address space without memory: a few megabytes that speak of many gigabytes. The walk costs what
/// the memory is worth, not what it claims, and tallies what it left out.
/// </summary>
public sealed class OverlappingHeapTests
{
    private const int Containers = 5_000;
    private const int Items = 100_000;

    /// <summary>Nothing that a test does here takes a second; without bounds all of it takes minutes or all memory.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory, ClassData(typeof(AllLayouts))]
    public void Lists_that_share_their_items_have_no_more_references_than_memory_has_words(string version)
    {
        using var target = new SyntheticTarget(AllLayouts.Of(version));
        var list = AllLayouts.Of(version).PyListObject;
        var number = target.Objects.NewInt(42);
        var first = target.Objects.NewList([.. Enumerable.Repeat(number, Items)]);
        Assert.True(target.Frozen.TryReadPointer(first + list.ob_item, out var items));
        for (var i = 1; i < Containers; i++)
        {
            var other = target.Objects.New("list");
            target.Memory.Write(other, AllLayouts.Of(version).PyVarObject.ob_size, (long)Items);
            target.Memory.WritePointer(other, list.ob_item, items);
        }

        var (graph, trouble) = Walk(target, version);

        Assert.InRange(graph.Edges.Length, Items, 2 * WordsOf(target) + (1 << 20));
        Assert.Equal(Containers, CountOf(graph, "list"));
        // Those that fit are whole, the others are tallied one by one.
        Assert.Equal(Containers, graph.Edges.Length / Items + trouble.Tally["HG0107"], tolerance: 50);
        Assert.True(trouble.Tally["HG0106"] > 0);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void Dicts_that_share_a_large_empty_table_are_not_searched_each(string version)
    {
        var layout = AllLayouts.Of(version);
        using var target = new SyntheticTarget(layout);
        var keys = NewEmptyTable(target, version, log2Size: 18);
        for (var i = 0; i < Containers; i++)
        {
            var dict = target.Objects.NewDict();
            target.Memory.WritePointer(dict, layout.PyDictObject.ma_keys, keys);
        }

        var (graph, trouble) = Walk(target, version);

        Assert.Equal(Containers, CountOf(graph, "dict"));
        Assert.True(trouble.Tally["HG0107"] > Containers / 2);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void Objects_that_claim_all_memory_each_do_not_add_up_beyond_it(string version)
    {
        using var target = new SyntheticTarget(AllLayouts.Of(version));
        var all = (long)target.Regions[0].Length - 4096;
        var kept = new List<TargetAddress>();
        for (var i = 0; i < Containers; i++)
        {
            var bytes = target.Objects.NewBytes("hog"u8);
            target.Memory.Write(bytes, AllLayouts.Of(version).PyVarObject.ob_size, all);
            kept.Add(bytes);
        }
        target.Objects.NewTuple([.. kept]);

        var (graph, trouble) = Walk(target, version);

        Assert.Equal(Containers, CountOf(graph, "bytes"));
        Assert.InRange(graph.Sizes.Sum(), all, 4 * (long)target.Regions[0].Length + graph.NodeCount * 1024L);
        Assert.True(trouble.Tally["HG0105"] > Containers / 2);
    }

    [Theory, ClassData(typeof(AllLayouts))]
    public void Address_space_without_memory_is_not_searched(string version)
    {
        const ulong sparse = 64UL << 40;
        using var target = new SyntheticTarget(AllLayouts.Of(version), sparse);
        var list = target.Objects.NewList(target.Objects.NewInt(42));

        var (graph, trouble) = Walk(target, version);

        Assert.True(graph.TryFind(list.Value, out _));
        Assert.Equal(0, trouble.Total);
    }

    private static (HeapGraph Graph, DiagnosticBag Trouble) Walk(SyntheticTarget target, string version)
    {
        var layout = AllLayouts.Of(version);
        var trouble = new DiagnosticBag();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        return (HeapWalk.Run(target.Frozen, target.Regions, target.Runtime, layout, layout.Version, Limits.Default, trouble, null, patience.Token), trouble);
    }

    private static TargetAddress NewEmptyTable(SyntheticTarget target, string version, int log2Size)
    {
        var layout = AllLayouts.Of(version);
        var keys = layout.PyDictKeysObject;
        var indices = 4 << log2Size;
        var entries = (2 << log2Size) / 3;
        var table = target.Memory.Allocate(keys.dk_indices + indices + entries * layout.PyDictKeyEntry.Size);
        target.Memory.Write(table, keys.dk_refcnt, 1L);
        target.Memory.Write(table, keys.dk_nentries, (long)entries);
        if (keys.dk_size >= 0)
            target.Memory.Write(table, keys.dk_size, 1L << log2Size);
        else
        {
            target.Memory.Write(table, keys.dk_log2_size, (byte)log2Size);
            target.Memory.Write(table, keys.dk_log2_index_bytes, (byte)(log2Size + 2));
        }
        return table;
    }

    private static long CountOf(HeapGraph graph, string type) =>
        TypeTotals.Of(graph).Where(total => graph.Types[total.Type].Name == type).Sum(total => total.Objects);

    private static long WordsOf(SyntheticTarget target) => target.Regions.Sum(region => (long)region.PresentBytes) / 8;
}
