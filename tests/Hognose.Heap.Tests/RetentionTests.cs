using CsCheck;
using Hognose.Heap.Retention;

namespace Hognose.Heap.Tests;

/// <summary>Dominators, retained sizes and paths on graphs drawn by hand, and on random ones against the definition.</summary>
public class RetentionTests
{
    private static readonly HashSet<(int, int)> NoneAvoided = [];

    private const string Seed = "0001Vt7_9nQ2";

    /// <summary>Nodes, edges between them with a kind, roots.</summary>
    private static readonly Gen<(int Nodes, (int From, int To, EdgeKind Kind)[] Edges, int[] Roots)> AnyGraph =
        from nodes in Gen.Int[1, 14]
        from edges in Gen.Select(Gen.Int[0, nodes - 1], Gen.Int[0, nodes - 1], Gen.Int[0, 3], (a, b, kind) => (a, b, (EdgeKind)kind)).Array[0, 40]
        from roots in Gen.Int[0, nodes - 1].Array[0, 4]
        select (nodes, edges, roots);

    [Fact]
    public void What_two_branches_share_is_retained_by_neither()
    {
        // 0 → 1 → 3, 0 → 2 → 3, 3 → 4
        var graph = Graph(5, [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)]);
        var tree = DominatorTree.Of(graph, [0], TestContext.Current.CancellationToken);
        Assert.Equal([DominatorTree.Root, 0, 0, 0, 3], Enumerable.Range(0, 5).Select(node => tree.DominatorOf(new NodeId(node))));
        Assert.Equal([31L, 2, 4, 24, 16], Enumerable.Range(0, 5).Select(node => tree.RetainedBy(new NodeId(node))));
        Assert.Equal([3, 2, 1], tree.DominatedBy(new NodeId(0)).ToArray());
        Assert.Equal((31, 5), (tree.RetainedByRoots, tree.Reached));
    }

    [Fact]
    public void Retained_sizes_have_64_bits()
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("m", "T");
        foreach (var (place, size) in new[] { 1L, 0xFFFF_FFFF, 0xFFFF_FFFF, 1L << 45 }.Index())
            builder.AddNode(16 * (ulong)(place + 1), type, size);
        for (var child = 1; child < 4; child++)
            builder.AddEdge(new NodeId(child - 1), new NodeId(child));
        var tree = DominatorTree.Of(builder.Build(), [0], TestContext.Current.CancellationToken);
        Assert.Equal(
            [(1L << 45) + (2 * 0xFFFF_FFFFL) + 1, (1L << 45) + (2 * 0xFFFF_FFFFL), (1L << 45) + 0xFFFF_FFFFL, 1L << 45],
            Enumerable.Range(0, 4).Select(node => tree.RetainedBy(new NodeId(node))));
    }

    [Fact]
    public void What_only_the_collector_sees_holds_nothing()
    {
        var graph = Graph(2, [(0, 1)], EdgeKind.GcOnly);
        var tree = DominatorTree.Of(graph, [0], TestContext.Current.CancellationToken);
        Assert.Equal((DominatorTree.Unreached, 0L), (tree.DominatorOf(new NodeId(1)), tree.RetainedBy(new NodeId(1))));
        Assert.Empty(ShortestPaths.Of(graph, [0], [], NoneAvoided, TestContext.Current.CancellationToken).To(new NodeId(1)));
    }

    [Fact]
    public void A_list_of_ten_million_nodes_overflows_nothing()
    {
        const int length = 10_000_000;
        var starts = new int[length + 1];
        for (var i = 1; i <= length; i++)
            starts[i] = Math.Min(i, length - 1);
        var graph = new HeapGraph
        {
            Addresses = [.. Enumerable.Range(1, length).Select(i => (ulong)i * 16)],
            TypeIds = new int[length],
            Sizes = [.. Enumerable.Repeat(1L, length)],
            Flags = new NodeFlags[length],
            EdgeStarts = starts,
            Edges = [.. Enumerable.Range(1, length - 1).Select(i => HeapGraph.Pack(i, EdgeKind.Ref))],
            Types = new TypeTable([new HeapType("m", "T", 0, SizeCertainty.Exact, -1)]),
            Roots = [0],
        };
        var tree = DominatorTree.Of(graph, [0], TestContext.Current.CancellationToken);
        Assert.Equal((length, length - 5, 1L), (tree.RetainedByRoots, tree.RetainedBy(new NodeId(5)), tree.RetainedBy(new NodeId(length - 1))));
        Assert.Equal(length, ShortestPaths.Of(graph, [0], [], NoneAvoided, TestContext.Current.CancellationToken).To(new NodeId(length - 1)).Length);
        Assert.Equal([0], OutsideHolders.Complete(graph, [0]));
    }

    [Fact]
    public void Dominators_and_retained_sizes_are_those_of_the_definition() => AnyGraph.Sample(
        drawn =>
        {
            var graph = Graph(drawn);
            var tree = DominatorTree.Of(graph, drawn.Roots, TestContext.Current.CancellationToken);
            var all = Reached(graph, drawn.Roots, without: -1);
            for (var node = 0; node < drawn.Nodes; node++)
            {
                var id = new NodeId(node);
                Assert.Equal(all.Contains(node), tree.IsReached(id));
                var lost = all.Except(Reached(graph, drawn.Roots, without: node)).ToHashSet();
                Assert.Equal(lost.Sum(each => graph.Sizes[each]), tree.RetainedBy(id));
                for (var above = tree.DominatorOf(id); above >= 0; above = tree.DominatorOf(new NodeId(above)))
                    Assert.DoesNotContain(node, Reached(graph, drawn.Roots, without: above));
            }
            Assert.Equal(all.Sum(each => graph.Sizes[each]), tree.RetainedByRoots);
        },
        iter: 3000,
        seed: Seed);

    [Fact]
    public void What_a_group_retains_is_what_is_lost_with_all_of_it() => AnyGraph.Sample(
        drawn =>
        {
            const int groups = 3;
            var graph = Graph(drawn);
            var tree = DominatorTree.Of(graph, drawn.Roots, TestContext.Current.CancellationToken);
            int[] groupOf = [.. Enumerable.Range(0, drawn.Nodes).Select(node => (node * 7 % 4) - 1)];
            var bounds = GroupRetention.AtLeast(tree, groupOf, groups);
            var all = Reached(graph, drawn.Roots, without: -1);
            for (var group = 0; group < groups; group++)
            {
                var lost = all.Except(Reached(graph, drawn.Roots, node => groupOf[node] == group)).Sum(node => graph.Sizes[node]);
                Assert.Equal(lost, GroupRetention.Exact(graph, drawn.Roots, tree.RetainedByRoots, groupOf, group, TestContext.Current.CancellationToken));
                var dominated = Enumerable.Range(0, drawn.Nodes).Where(node => tree.IsReached(new NodeId(node)) && Above(tree, node).Any(each => groupOf[each] == group));
                Assert.Equal(dominated.Sum(node => graph.Sizes[node]), bounds[group]);
                Assert.True(bounds[group] <= lost);
            }
        },
        iter: 2000,
        seed: Seed);

    [Fact]
    public void Paths_are_ways_and_none_is_shorter() => AnyGraph.Sample(
        drawn =>
        {
            var graph = Graph(drawn);
            var paths = ShortestPaths.Of(graph, drawn.Roots, [], NoneAvoided, TestContext.Current.CancellationToken);
            var distances = Distances(graph, drawn.Roots);
            for (var node = 0; node < drawn.Nodes; node++)
            {
                var path = paths.To(new NodeId(node));
                Assert.Equal(distances[node], path.Length);
                if (path.Length == 0)
                    continue;
                Assert.Contains(path[0].Value, drawn.Roots);
                Assert.All(path.Zip(path.Skip(1)), step => Assert.Contains(step.Second.Value, Held(graph, step.First.Value)));
            }
        },
        iter: 2000,
        seed: Seed);

    [Fact]
    public void What_stays_unreached_is_held_by_cycles_alone() => AnyGraph.Sample(
        drawn =>
        {
            var graph = Graph(drawn);
            var roots = OutsideHolders.Complete(graph, drawn.Roots);
            Assert.Equal(drawn.Roots.Distinct(), roots.Take(drawn.Roots.Distinct().Count()));
            var reached = Reached(graph, roots, without: -1);
            for (var node = 0; node < drawn.Nodes; node++)
                if (!reached.Contains(node))
                    Assert.Contains(Enumerable.Range(0, drawn.Nodes), other => !reached.Contains(other) && Held(graph, other).Contains(node));
        },
        iter: 2000,
        seed: Seed);

    private static HeapGraph Graph(int nodes, (int From, int To)[] edges, EdgeKind kind = EdgeKind.Ref) =>
        Graph((nodes, [.. edges.Select(edge => (edge.From, edge.To, kind))], []));

    /// <summary>Sizes are powers of two, so that a sum tells its parts.</summary>
    private static HeapGraph Graph((int Nodes, (int From, int To, EdgeKind Kind)[] Edges, int[] Roots) drawn)
    {
        var builder = new HeapGraphBuilder();
        var type = builder.AddType("m", "T");
        for (var node = 0; node < drawn.Nodes; node++)
            builder.AddNode((ulong)(node + 1) * 16, type, 1L << node);
        foreach (var (from, to, kind) in drawn.Edges)
            builder.AddEdge(new NodeId(from), new NodeId(to), kind);
        return builder.Build();
    }

    private static IEnumerable<int> Held(HeapGraph graph, int node) =>
        graph.EdgesOf(new NodeId(node)).ToArray().Where(edge => HeapGraph.KindOf(edge) != EdgeKind.GcOnly).Select(edge => HeapGraph.TargetOf(edge).Value);

    private static HashSet<int> Reached(HeapGraph graph, int[] roots, int without) => Reached(graph, roots, node => node == without);

    /// <summary>The node and all that dominate it.</summary>
    private static IEnumerable<int> Above(DominatorTree tree, int node)
    {
        for (; node >= 0; node = tree.DominatorOf(new NodeId(node)))
            yield return node;
    }

    private static HashSet<int> Reached(HeapGraph graph, int[] roots, Func<int, bool> isGone)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(roots);
        while (open.TryPop(out var node))
            if (!isGone(node) && reached.Add(node))
                foreach (var next in Held(graph, node))
                    open.Push(next);
        return reached;
    }

    /// <summary>Nodes on a shortest way, both ends included; 0: there is none.</summary>
    private static int[] Distances(HeapGraph graph, int[] roots)
    {
        var distances = new int[graph.NodeCount];
        var level = roots.Distinct().ToList();
        for (var distance = 1; level.Count > 0; distance++)
        {
            foreach (var node in level)
                distances[node] = distance;
            level = [.. level.SelectMany(node => Held(graph, node)).Distinct().Where(node => distances[node] == 0)];
        }
        return distances;
    }
}
