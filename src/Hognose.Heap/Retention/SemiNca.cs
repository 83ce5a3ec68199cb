namespace Hognose.Heap.Retention;

/// <summary>Immediate dominators by depth-first number. Semidominators from the last number to the first, then the nearest common ancestor of each with its parent.</summary>
internal sealed class SemiNca(DepthFirstOrder order, Predecessors predecessors)
{
    /// <summary>Of the forest linked so far; paths in it are shortened as they are asked about.</summary>
    private readonly int[] _ancestors = (int[])order.Parents.Clone();
    private readonly int[] _labels = [.. Enumerable.Range(0, order.Count + 1)];
    private readonly int[] _semi = [.. Enumerable.Range(0, order.Count + 1)];
    private readonly List<int> _path = [];

    public int[] Run(CancellationToken cancellation)
    {
        for (var number = order.Count; number >= 1; number--)
        {
            if ((number & 0xfffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var semi = order.Parents[number];
            foreach (var predecessor in predecessors.Of(number))
                semi = Math.Min(semi, _semi[Evaluate(predecessor, number + 1)]);
            _semi[number] = semi;
        }
        // The forest is done with: its column serves once more.
        var dominators = _ancestors;
        order.Parents.CopyTo(dominators, 0);
        for (var number = 1; number <= order.Count; number++)
        {
            var dominator = dominators[number];
            while (dominator > _semi[number])
                dominator = dominators[dominator];
            dominators[number] = dominator;
        }
        return dominators;
    }

    /// <summary>The node of least semidominator on the linked path above, all nodes from <paramref name="linked"/> on being linked.</summary>
    private int Evaluate(int number, int linked)
    {
        if (number < linked || _ancestors[number] < linked)
            return _labels[number];
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
            if (_semi[_labels[top]] < _semi[_labels[below]])
                _labels[below] = _labels[top];
            top = below;
        }
        return _labels[number];
    }
}
