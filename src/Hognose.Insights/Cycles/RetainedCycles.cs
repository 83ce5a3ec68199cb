using Hognose.Heap;
using Hognose.Heap.Retention;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Cycles;

/// <summary>What do cycles of one shape keep alive together: themselves, and all that hangs below them only?</summary>
internal static class RetainedCycles
{
    /// <summary>A lower bound: what two cycles hold together is left out.</summary>
    /// <param name="heap">That they live in.</param>
    /// <param name="shapes">Of each shape its cycles, of each cycle its nodes.</param>
    /// <returns>Bytes by shape.</returns>
    public static long[] OfLiving(HeldHeap heap, int[][][] shapes) =>
        GroupRetention.AtLeast(heap.Dominators, GroupsOf(heap.Graph.NodeCount, shapes, node => node), shapes.Length);

    /// <summary>No root leads to garbage: the cycles that no other garbage leads to stand for roots.</summary>
    /// <param name="heap">That has it.</param>
    /// <param name="shapes">Of each shape its cycles, of each cycle its nodes.</param>
    /// <param name="isGarbage">By node.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>Bytes by shape; a lower bound as above where the exact figure would take long.</returns>
    public static long[] OfGarbage(HeldHeap heap, int[][][] shapes, Func<int, bool> isGarbage, CancellationToken cancellation)
    {
        var part = GraphPart.Of(heap.Graph, isGarbage);
        var garbage = part.Graph;
        var groupOf = GroupsOf(garbage.NodeCount, shapes, part.Of);
        var roots = FirstOfAll(part, [.. shapes.SelectMany(cycles => cycles)]);
        var tree = DominatorTree.Of(garbage, roots, cancellation);
        return ((long)garbage.NodeCount + garbage.EdgeCount) * shapes.Length > RetainedGroups.AffordableSteps
            ? GroupRetention.AtLeast(tree, groupOf, shapes.Length)
            : [.. shapes.Select((_, shape) => GroupRetention.Exact(garbage, roots, tree.RetainedByRoots, groupOf, shape, cancellation))];
    }

    private static int[] GroupsOf(int nodes, int[][][] shapes, Func<int, int> numberOf)
    {
        var groupOf = new int[nodes];
        Array.Fill(groupOf, GroupRetention.None);
        for (var shape = 0; shape < shapes.Length; shape++)
            foreach (var cycle in shapes[shape])
                foreach (var node in cycle)
                    groupOf[numberOf(node)] = shape;
        return groupOf;
    }

    /// <summary>One node of each cycle that no node outside it leads to: whatever the cycle holds is reached from any of its nodes.</summary>
    private static int[] FirstOfAll(GraphPart part, int[][] cycles)
    {
        var cycleOf = new int[part.Graph.NodeCount];
        Array.Fill(cycleOf, GroupRetention.None);
        for (var cycle = 0; cycle < cycles.Length; cycle++)
            foreach (var node in cycles[cycle])
                cycleOf[part.Of(node)] = cycle;
        var isBelowAnother = new bool[cycles.Length];
        for (var node = 0; node < cycleOf.Length; node++)
            foreach (var edge in part.Graph.EdgesOf(new NodeId(node)))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly && cycleOf[HeapGraph.TargetOf(edge).Value] is var below and not GroupRetention.None && below != cycleOf[node])
                    isBelowAnother[below] = true;
        return [.. cycles.Where((_, cycle) => !isBelowAnother[cycle]).Select(cycle => part.Of(cycle[0]))];
    }
}
