using CsCheck;

namespace Hognose.Heap.Tests;

public class HeapGraphTests
{
    [Fact]
    public void Edges_of_a_node_keep_order_duplicates_and_kinds()
    {
        var builder = new HeapGraphBuilder();
        var list = builder.AddType("builtins", "list");
        var a = builder.AddNode(0x1000, list, 56);
        var b = builder.AddNode(0x2000, list, 64);
        builder.AddEdge(a, b, EdgeKind.Extra);
        builder.AddEdge(a, b);
        builder.AddEdge(a, a, EdgeKind.Cons);
        var graph = builder.Build();

        var edges = graph.EdgesOf(a).ToArray().Select(edge => (HeapGraph.TargetOf(edge), HeapGraph.KindOf(edge)));
        Assert.Equal([(b, EdgeKind.Extra), (b, EdgeKind.Ref), (a, EdgeKind.Cons)], edges);
        Assert.Empty(graph.EdgesOf(b).ToArray());
        Assert.Equal(3, graph.EdgeCount);
    }

    [Fact]
    public void In_degrees_leave_out_what_only_the_collector_sees()
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("m", "T");
        var a = builder.AddNode(16, type, 1);
        var b = builder.AddNode(32, type, 1);
        builder.AddEdge(a, b);
        builder.AddEdge(a, b, EdgeKind.GcOnly);
        builder.AddEdge(b, b, EdgeKind.Cons);
        builder.AddEdge(b, a, EdgeKind.Extra);
        Assert.Equal([1, 2], builder.Build().InDegrees());
    }

    [Fact]
    public void A_node_is_found_by_its_exact_address_only()
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("m", "T");
        builder.AddNode(0x10, type, 1);
        var second = builder.AddNode(0x30, type, 1);
        var graph = builder.Build();
        Assert.True(graph.TryFind(0x30, out var found));
        Assert.Equal(second, found);
        Assert.False(graph.TryFind(0x31, out _));
    }

    [Fact]
    public void Addresses_must_ascend_and_edges_must_land()
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("m", "T");
        var node = builder.AddNode(0x30, type, 1);
        Assert.Throws<ArgumentException>(() => builder.AddNode(0x30, type, 1));
        builder.AddEdge(node, new NodeId(7));
        Assert.Throws<InvalidOperationException>(builder.Build);
    }

    [Fact]
    public void Totals_add_up_and_put_the_most_bytes_first() =>
        Gen.Select(Gen.Int[0, 4], Gen.Long[0, 1L << 40]).Array[0, 200].Sample(
            nodes =>
            {
                var builder = new HeapGraphBuilder();
                var types = Enumerable.Range(0, 5).Select(i => builder.AddType("m", "T" + i)).ToArray();
                var address = 0ul;
                foreach (var (type, size) in nodes)
                    builder.AddNode(address += 16, types[type], size);
                var totals = TypeTotals.Of(builder.Build());
                return totals.Sum(total => total.Objects) == nodes.Length
                    && totals.Sum(total => total.Bytes) == nodes.Sum(node => node.Item2)
                    && totals.Zip(totals.Skip(1)).All(pair => pair.First.Bytes >= pair.Second.Bytes);
            },
            seed: "0000Hognose1");

    [Theory]
    [InlineData("builtins", "dict", "dict")]
    [InlineData("collections", "OrderedDict", "collections.OrderedDict")]
    [InlineData("", "broken", "broken")]
    public void A_type_is_named_as_Python_prints_it(string module, string name, string expected) =>
        Assert.Equal(expected, new HeapType(module, name, 0, SizeCertainty.Exact, -1).QualifiedName);
}
