using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Testing;

namespace Hognose.CPython.Tests.Truth;

/// <summary>A core gives the same graph as the process it was made of, to the last reference.</summary>
public sealed class CoreTests
{
    [Theory, ClassData(typeof(AllInterpreters))]
    public void Cores_of_gcore_and_of_the_kernel_give_the_graph_of_the_stopped_process(string name)
    {
        using var program = new DumpedProgram(Interpreters.Find(name));
        var live = program.WalkLive();
        AssertSame(live, Walk(program.GCore()));
        AssertSame(live, Walk(program.KernelCore()));
    }

    private static HeapWalkResult Walk(string path)
    {
        var trouble = new DiagnosticBag();
        var walk = DumpedProgram.Walk(path, trouble);
        Assert.DoesNotContain(trouble.Tally.Keys, id => !id.StartsWith("HG03", StringComparison.Ordinal));
        return walk;
    }

    private static void AssertSame(HeapWalkResult expected, HeapWalkResult actual)
    {
        var (live, core) = (expected.Graph, actual.Graph);
        Assert.Equal(CountsOf(live), CountsOf(core));
        Assert.True(live.Addresses.SequenceEqual(core.Addresses), "addresses differ");
        Assert.True(live.Sizes.SequenceEqual(core.Sizes), "sizes differ");
        Assert.True(live.EdgeStarts.AsSpan().SequenceEqual(core.EdgeStarts), "degrees differ");
        Assert.True(live.Edges.AsSpan().SequenceEqual(core.Edges), "references differ");
        Assert.Equal(live.Roots, core.Roots);
        Assert.Equal((expected.UsedBlocks, expected.UsedBytes), (actual.UsedBlocks, actual.UsedBytes));
    }

    private static SortedDictionary<string, int> CountsOf(HeapGraph graph)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var type in graph.TypeIds)
            counts[graph.Types.All[type].QualifiedName] = counts.GetValueOrDefault(graph.Types.All[type].QualifiedName) + 1;
        return counts;
    }
}
