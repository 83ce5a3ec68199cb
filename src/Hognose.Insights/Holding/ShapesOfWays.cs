using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>
/// A number for the shape of a way: the holder, the variable of a module that it starts with, and the types that follow. A chain of one type, or of
/// two in turn (an object and its dict), is one step however long it is. A variable is one in all calls of its function, whatever their threads, and of holders without
/// a name (C code, the interpreter) all of a kind are one.
/// </summary>
internal sealed class ShapesOfWays(HeldHeap heap)
{
    /// <summary>Ways are told apart by this many of their steps.</summary>
    private const int StepsCompared = 24;

    /// <summary>A way of so many objects is gone through each time. Of longer ones (a linked list of millions) each part is remembered.</summary>
    private const int Short = 64;

    /// <summary>Apart from every node's number.</summary>
    private const ulong Unnamed = 1ul << 48;

    /// <summary>A variable by its number.</summary>
    private const ulong OfCalls = 1ul << 49;

    private readonly ShortestPaths _paths = heap.Paths;
    private readonly List<int> _open = [];
    private readonly int[] _way = new int[Short];
    private Shape[] _known = [];

    /// <summary>The holder that was asked about last: most ways begin with the same.</summary>
    private (int Node, bool IsModule, Shape Start) _holder = (-1, false, default);

    /// <param name="node">That the way leads to.</param>
    public ulong Of(NodeId node)
    {
        var way = _way;
        var length = 0;
        var at = _paths.IsReached(node) ? node.Value : -1;
        for (; at >= 0 && length < Short; at = _paths.Before(new NodeId(at)))
            way[length++] = at;
        if (length == 0)
            return (ulong)heap.Unheld.ReasonOf(node);
        if (at >= 0)
            return OfLong(node.Value).Hash;
        var shape = Start(way[length - 1]);
        for (var i = length - 2; i >= 0; i--)
            shape = Then(shape, way[i], isFirst: i == length - 2 && IsModule(way[length - 1]));
        return shape.Hash;
    }

    private Shape OfLong(int node)
    {
        if (_known.Length == 0)
            _known = new Shape[heap.Graph.NodeCount];
        _open.Clear();
        var at = node;
        for (; at >= 0 && !_known[at].IsKnown; at = _paths.Before(new NodeId(at)))
            _open.Add(at);
        var shape = at >= 0 ? _known[at] : Start(_open[^1]);
        for (var i = _open.Count - 1; i >= 0; i--)
        {
            var above = _paths.Before(new NodeId(_open[i]));
            if (above >= 0)
                shape = Then(shape, _open[i], isFirst: _paths.Before(new NodeId(above)) < 0 && IsModule(above));
            _known[_open[i]] = shape;
        }
        return shape;
    }

    private bool IsModule(int holder)
    {
        if (_holder.Node != holder)
            _holder = (holder, heap.IsModule(new NodeId(holder)), StartOf(holder));
        return _holder.IsModule;
    }

    private Shape Start(int holder)
    {
        IsModule(holder);
        return _holder.Start;
    }

    private Shape StartOf(int holder)
    {
        var node = new NodeId(holder);
        var held = heap.HolderOf(node);
        var start = held.Kind == HolderKind.Local ? OfCalls | (uint)heap.CallVariables.NumberOf(held)
            : heap.HasNamedHolder(node) ? (ulong)holder
            : Unnamed | ((ulong)held.Kind << 32) | (uint)heap.Graph.TypeIds[holder];
        return new Shape(Shape.Mix(Shape.Seed, start), -1, -1, 0, IsKnown: true);
    }

    private Shape Then(in Shape shape, int node, bool isFirst)
    {
        var type = heap.Graph.TypeIds[node];
        var hash = isFirst ? Shape.Mix(shape.Hash, (ulong)node) : shape.Hash;
        return type == shape.Last || type == shape.LastButOne || shape.Steps == StepsCompared
            ? shape with { Hash = hash }
            : new Shape(Shape.Mix(hash, (ulong)type), type, shape.Last, (byte)(shape.Steps + 1), IsKnown: true);
    }

    private readonly record struct Shape(ulong Hash, int Last, int LastButOne, byte Steps, bool IsKnown)
    {
        public const ulong Seed = 0xCBF29CE484222325;

        public static ulong Mix(ulong hash, ulong word) => (hash ^ word) * 0x9E3779B97F4A7C15;
    }
}
