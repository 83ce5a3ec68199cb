namespace Hognose.Heap.Retention;

/// <summary>The edges of the reachable part turned round, in depth-first numbers; what a root holds has number 0 among its predecessors.</summary>
internal sealed class Predecessors
{
    private readonly long[] _starts;
    private readonly int[] _numbers;

    private Predecessors(long[] starts, int[] numbers)
    {
        _starts = starts;
        _numbers = numbers;
    }

    public static Predecessors Of(HeapGraph graph, DepthFirstOrder order, ReadOnlySpan<int> roots)
    {
        var starts = new long[order.Count + 2];
        foreach (var root in roots)
            starts[order.Numbers[root] + 1]++;
        for (var number = 1; number <= order.Count; number++)
            foreach (var edge in graph.EdgesOf(new NodeId(order.NodeOf(number))))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    starts[order.Numbers[HeapGraph.TargetOf(edge).Value] + 1]++;
        for (var i = 1; i < starts.Length; i++)
            starts[i] += starts[i - 1];

        var numbers = new int[starts[^1]];
        var next = starts.AsSpan(0, starts.Length - 1).ToArray();
        foreach (var root in roots)
            numbers[next[order.Numbers[root]]++] = 0;
        for (var number = 1; number <= order.Count; number++)
            foreach (var edge in graph.EdgesOf(new NodeId(order.NodeOf(number))))
                if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                    numbers[next[order.Numbers[HeapGraph.TargetOf(edge).Value]]++] = number;
        return new Predecessors(starts, numbers);
    }

    public ReadOnlySpan<int> Of(int number) => _numbers.AsSpan((int)_starts[number], (int)(_starts[number + 1] - _starts[number]));
}
