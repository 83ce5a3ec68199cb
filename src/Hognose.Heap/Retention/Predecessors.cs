namespace Hognose.Heap.Retention;

/// <summary>The edges of the reachable part turned round, in depth-first numbers; what a root holds has number 0 among its predecessors.</summary>
internal sealed class Predecessors
{
    private readonly int[] _starts;
    private readonly int[] _numbers;

    private Predecessors(int[] starts, int[] numbers)
    {
        _starts = starts;
        _numbers = numbers;
    }

    public static Predecessors Of(HeapGraph graph, DepthFirstOrder order, ReadOnlySpan<int> roots)
    {
        // First where the numbers of each end; filled from there on backwards, they become where they start: one column instead of two.
        var starts = new int[order.Count + 2];
        foreach (var root in roots)
            starts[order.Numbers[root]]++;
        for (var number = 1; number <= order.Count; number++)
            foreach (var edge in graph.EdgesOf(new NodeId(order.NodeOf(number))))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    starts[order.Numbers[HeapGraph.TargetOf(edge).Value]]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] = checked(starts[i] + starts[i - 1]);

        var numbers = new int[starts[^1]];
        for (var number = order.Count; number >= 1; number--)
            foreach (var edge in graph.EdgesOf(new NodeId(order.NodeOf(number))))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    numbers[--starts[order.Numbers[HeapGraph.TargetOf(edge).Value]]] = number;
        foreach (var root in roots)
            numbers[--starts[order.Numbers[root]]] = 0;
        return new Predecessors(starts, numbers);
    }

    public ReadOnlySpan<int> Of(int number) => _numbers.AsSpan(_starts[number], _starts[number + 1] - _starts[number]);
}
