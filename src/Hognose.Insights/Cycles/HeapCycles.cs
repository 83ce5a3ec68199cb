using Hognose.Heap;
using Hognose.Heap.Cycles;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Cycles;

/// <summary>Cycles of the same types.</summary>
/// <param name="Way">A shortest way round one of them.</param>
/// <param name="Cycles">How many; objects that all lead to each other are one.</param>
/// <param name="Objects">On them, all together.</param>
/// <param name="Bytes">Shallow, of those.</param>
/// <param name="Retained">Bytes of those and of all that only they hold; of living cycles at least, what two hold together is left out.</param>
/// <param name="Example">The address of an object on the largest.</param>
public sealed record CycleShape(string Way, long Cycles, long Objects, long Bytes, long Retained, ulong Example);

/// <summary>
/// What the collector would free at that moment, by cycle: objects that nothing outside leads to, found by the collector's own subtraction of inner
/// references from counts (Python/gc.c, deduce_unreachable). And the cycles that live, which only a collection can free one day.
/// </summary>
/// <param name="GarbageObjects">Cycles and all that only they hold.</param>
/// <param name="TrackedGarbage">Of those, objects that the collector knows: what gc.collect() would return.</param>
/// <param name="Kept">Objects that nothing leads to either, and that a collection would leave all the same, by reason.</param>
/// <param name="InGarbageList">Objects that <c>gc.garbage</c> keeps: what could not be freed, or everything under DEBUG_SAVEALL.</param>
/// <param name="Collectors">What each says of itself.</param>
public sealed record HeapCycles(
    IReadOnlyList<CycleShape> Garbage, long GarbageObjects, long GarbageBytes, long TrackedGarbage, long GarbageCycles, IReadOnlyList<KeptGarbage> Kept,
    IReadOnlyList<CycleShape> Live, long LiveCycles, long InGarbageList, IReadOnlyList<CollectorState> Collectors)
{
    private const int SaveAll = 32;

    /// <summary>gc.DEBUG_SAVEALL: a collection puts what it would free into gc.garbage instead.</summary>
    public bool SavesAll => Collectors.Any(each => (each.DebugFlags & SaveAll) != 0);

    /// <summary>Larger cycles are told apart by which types they have, smaller ones also by how many of each.</summary>
    private const int SmallCycle = 64;

    /// <summary>Classes, functions and modules of every program lead to each other: one cycle of this size is the program itself.</summary>
    private const int ProgramItself = 5_000;

    public static HeapCycles Of(HeldHeap heap, IReadOnlyList<CollectorState> collectors, CancellationToken cancellation)
    {
        var tree = heap.Dominators;
        var graph = heap.Graph;
        var unheld = heap.Unheld;
        var garbage = StrongComponents.CyclesOf(graph, IsGarbage, cancellation);
        var live = StrongComponents.CyclesOf(graph, node => tree.IsReached(new NodeId(node)), cancellation)
            .Where(cycle => cycle.Length < ProgramItself).ToList();
        long tracked = 0;
        for (var node = 0; node < graph.NodeCount; node++)
            tracked += (graph.Flags[node] & NodeFlags.Tracked) != 0 && IsGarbage(node) ? 1 : 0;
        return new HeapCycles(
            Shapes(heap, garbage, shapes => RetainedCycles.OfGarbage(heap, shapes, IsGarbage, cancellation)), unheld.Objects, unheld.Bytes, tracked, garbage.Count, unheld.Kept,
            Shapes(heap, live, shapes => RetainedCycles.OfLiving(heap, shapes)), live.Count,
            collectors.Count > 0 ? collectors.Sum(each => each.GarbageObjects) : GarbageList(heap), collectors);

        bool IsGarbage(int node) => !tree.IsReached(new NodeId(node)) && unheld.ReasonOf(new NodeId(node)) == KeptReason.None;
    }

    private static List<CycleShape> Shapes(HeldHeap heap, IReadOnlyList<int[]> cycles, Func<int[][][], long[]> retainedBy)
    {
        var words = new CycleWords(heap);
        int[][][] shapes = [.. cycles.GroupBy(cycle => KeyOf(heap.Graph, cycle)).Select(group => group.ToArray())];
        var retained = retainedBy(shapes);
        return [.. shapes
            .Select((shape, i) => ShapeOf(heap, words, shape, retained[i]))
            .OrderByDescending(shape => shape.Retained).ThenByDescending(shape => shape.Cycles).ThenBy(shape => shape.Example)];
    }

    private static CycleShape ShapeOf(HeldHeap heap, CycleWords words, int[][] cycles, long retained)
    {
        var largest = cycles.MaxBy(cycle => cycle.Length)!;
        var through = Telling(heap.Graph, largest);
        return new CycleShape(
            words.OfAnyStart(ShortestRound.Of(heap.Graph, largest, through)),
            cycles.Length,
            cycles.Sum(cycle => (long)cycle.Length),
            cycles.Sum(cycle => cycle.Sum(node => heap.Graph.Sizes[node])),
            retained,
            heap.Graph.Addresses[through]);
    }

    /// <summary>An instance of the program's own class tells more than a list or a dict.</summary>
    private static int Telling(HeapGraph graph, int[] cycle)
    {
        foreach (var node in cycle)
            if (graph.TypeOf(new NodeId(node)).Module is not ("" or "builtins"))
                return node;
        return cycle[0];
    }

    private static ulong KeyOf(HeapGraph graph, int[] cycle)
    {
        var types = cycle.Select(node => graph.TypeIds[node]);
        var hash = 0xCBF29CE484222325UL;
        foreach (var type in (cycle.Length <= SmallCycle ? types : types.Distinct()).Order())
            hash = (hash ^ (ulong)type) * 0x100000001B3;
        return hash;
    }

    private static long GarbageList(HeldHeap heap)
    {
        foreach (var module in heap.Holders.Where(holder => holder is { Kind: HolderKind.Module, Name: "gc" }))
        {
            var dict = new NodeId(module.Node);
            foreach (var edge in heap.Graph.EdgesOf(dict))
                if (heap.Names.Between(dict, HeapGraph.TargetOf(edge)) is { Kind: ReferenceKind.Value, Text: "garbage" })
                    return Math.Max(0, heap.Names.LengthOf(HeapGraph.TargetOf(edge)));
        }
        return 0;
    }
}
