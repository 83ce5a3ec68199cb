namespace Hognose.Heap.Retention;

/// <summary>Immediate dominators by depth-first number. Semidominators from the last number to the first, then the nearest common ancestor of each with its parent.</summary>
/// <param name="order">Its columns of predecessors, parents and numbers are used up: they become the semidominators, the dominators and the labels.</param>
internal sealed class SemiNca(DepthFirstOrder order)
{
    /// <summary>Of the forest linked so far; paths in it are shortened as they are asked about.</summary>
    private readonly int[] _ancestors = order.Parents.AsSpan(0, order.Count + 1).ToArray();

    /// <summary>Of number <c>n</c> at <c>n - 1</c>: there are as many nodes as numbers, and the made-up one has no label.</summary>
    private readonly int[] _labels = order.Numbers;
    private readonly int[] _semi = order.LeastPredecessors;
    private readonly List<int> _path = [];

    public int[] Run(CancellationToken cancellation)
    {
        for (var number = 1; number <= order.Count; number++)
            _labels[number - 1] = number;
        FindSemidominators(cancellation);
        var dominators = order.Parents;
        for (var number = 1; number <= order.Count; number++)
        {
            var semi = _semi[number];
            var dominator = semi == 0 ? 0 : dominators[number];
            while (dominator > semi)
                dominator = dominators[dominator];
            dominators[number] = dominator;
        }
        return dominators;
    }

    private void FindSemidominators(CancellationToken cancellation)
    {
        var backEdges = order.BackEdges;
        for (var number = order.Count; number >= 1; number--)
        {
            if ((number & 0xfffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var semi = _semi[number];
            for (var next = order.LastBack[number]; next > 0 && semi > 0; next = backEdges[next - 1].Former)
                semi = Math.Min(semi, _semi[Evaluate(backEdges[next - 1].From, number + 1)]);
            _semi[number] = semi;
        }
    }

    /// <summary>The node of least semidominator on the linked path above, all nodes from <paramref name="linked"/> on being linked.</summary>
    private int Evaluate(int number, int linked)
    {
        if (_ancestors[number] < linked)
            return _labels[number - 1];
        _path.Clear();
        var top = number;
        do
        {
            _path.Add(top);
            top = _ancestors[top];
        }
        while (_ancestors[top] >= linked);

        for (var i = _path.Count - 1; i >= 0; i--)
        {
            var below = _path[i];
            _ancestors[below] = _ancestors[top];
            if (_semi[_labels[top - 1]] < _semi[_labels[below - 1]])
                _labels[below - 1] = _labels[top - 1];
            top = below;
        }
        return _labels[number - 1];
    }
}
