using Hognose.Heap.Cycles;
using Hognose.Heap.Matching;

namespace Hognose.Heap.Tests;

public class CyclesTests
{
    [Fact]
    public void Cycles_are_the_sets_that_reach_each_other()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var graph = RandomGraph(random, random.Next(1, 14), out var edges);
            var reach = Reach(graph.NodeCount, edges);
            var expected = Enumerable.Range(0, graph.NodeCount)
                .Where(node => reach[node, node])
                .Select(node => string.Join(',', Enumerable.Range(0, graph.NodeCount).Where(other => reach[node, other] && reach[other, node])))
                .Distinct();
            var found = StrongComponents.CyclesOf(graph, _ => true, CancellationToken.None).Select(cycle => string.Join(',', cycle));
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Nodes_left_out_close_no_cycle()
    {
        var graph = Graph(3, [(0, 1), (1, 2), (2, 0)]);
        Assert.Empty(StrongComponents.CyclesOf(graph, node => node != 1, CancellationToken.None));
    }

    [Fact]
    public void A_ring_of_a_million_overflows_nothing()
    {
        const int count = 1_000_000;
        var graph = Graph(count, Enumerable.Range(0, count).Select(i => (i, (i + 1) % count)));
        Assert.Equal(count, Assert.Single(StrongComponents.CyclesOf(graph, _ => true, CancellationToken.None)).Length);
    }

    [Fact]
    public void A_round_is_a_shortest_one()
    {
        // 0 → 1 → 2 → 0, and a shorter way round through 3.
        var graph = Graph(4, [(0, 1), (1, 2), (2, 0), (0, 3), (3, 0)]);
        var cycle = Assert.Single(StrongComponents.CyclesOf(graph, _ => true, CancellationToken.None));
        Assert.Equal([0, 3], ShortestRound.Of(graph, cycle, 0));
        Assert.Equal([1, 2, 0], ShortestRound.Of(graph, cycle, 1));
    }

    [Fact]
    public void Objects_are_the_same_at_one_address_with_one_type()
    {
        var earlier = new HeapGraphBuilder();
        var (a, b) = (earlier.AddType("app", "A"), earlier.AddType("app", "B"));
        earlier.AddNode(16, a, 1);
        earlier.AddNode(32, a, 1);
        earlier.AddNode(48, b, 1);
        var later = new HeapGraphBuilder();
        var (b2, a2) = (later.AddType("app", "B"), later.AddType("app", "A"));
        later.AddNode(8, a2, 1);
        later.AddNode(16, a2, 1);
        later.AddNode(48, a2, 1);
        later.AddNode(64, b2, 1);
        Assert.Equal([SameObjects.None, 0, SameObjects.None, SameObjects.None], SameObjects.Of(earlier.Build(), later.Build()));
    }

    private static HeapGraph RandomGraph(Random random, int count, out List<(int From, int To)> edges)
    {
        edges = [.. Enumerable.Range(0, random.Next(count * 2)).Select(_ => (random.Next(count), random.Next(count)))];
        return Graph(count, edges);
    }

    private static HeapGraph Graph(int count, IEnumerable<(int From, int To)> edges)
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("builtins", "object");
        for (var i = 0; i < count; i++)
            builder.AddNode((ulong)(i + 1) * 16, type, 16);
        foreach (var (from, to) in edges)
            builder.AddEdge(new NodeId(from), new NodeId(to));
        return builder.Build();
    }

    /// <summary>Whether a way of at least one edge leads from one to the other (Warshall).</summary>
    private static bool[,] Reach(int count, List<(int From, int To)> edges)
    {
        var reach = new bool[count, count];
        foreach (var (from, to) in edges)
            reach[from, to] = true;
        for (var k = 0; k < count; k++)
            for (var i = 0; i < count; i++)
                for (var j = 0; j < count; j++)
                    reach[i, j] |= reach[i, k] && reach[k, j];
        return reach;
    }
}
