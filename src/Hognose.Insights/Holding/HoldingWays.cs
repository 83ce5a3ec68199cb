using Hognose.Heap;
using Hognose.Insights.Births;

namespace Hognose.Insights.Holding;

/// <summary>Objects grouped by the ways in which they are held: shortest ways that lead through the same types from the same variable are one.</summary>
internal sealed class HoldingWays(HeldHeap heap)
{
    /// <summary>Ways are told apart by this many of their last steps and the first.</summary>
    private const int StepsCompared = 24;

    private readonly Dictionary<ulong, Group> _groups = [];

    public bool IsEmpty => _groups.Count == 0;

    /// <param name="node">Of the kind that is asked for.</param>
    /// <param name="isWithinAnother">What it retains is retained by another one of them already.</param>
    public void Add(NodeId node, bool isWithinAnother)
    {
        var key = ShapeOf(node);
        if (!_groups.TryGetValue(key, out var group))
            _groups[key] = group = new Group();
        // All of a module is its namespace's: said of each, that would hide what is asked for.
        var retained = heap.IsModule(node) ? heap.Graph.Sizes[node.Value] : heap.Dominators.RetainedBy(node);
        if (group.Objects == 0 || retained > heap.Dominators.RetainedBy(group.Example))
            group.Example = node;
        group.Objects++;
        group.Shallow += heap.Graph.Sizes[node.Value];
        group.Retained += isWithinAnother ? 0 : retained;
        if (heap.Births is { } births)
            group.Births.Add(births.StackOfNode[node.Value]);
    }

    /// <summary>What retains the most first.</summary>
    public List<WayOfHolding> ToList(bool showsKeys)
    {
        var words = new PathWords(heap, showsKeys);
        return
        [
            .. _groups.Values
                .OrderByDescending(group => group.Retained).ThenByDescending(group => group.Shallow).ThenBy(group => group.Example.Value)
                .Select(group => new WayOfHolding(
                    words.Of(heap.Paths.To(group.Example), isShape: group.Objects > 1), group.Objects, group.Shallow, group.Retained,
                    heap.Graph.Addresses[group.Example.Value])
                {
                    Birth = group.Births.Commonest(heap.Births),
                }),
        ];
    }

    private ulong ShapeOf(NodeId node)
    {
        var path = heap.Paths.To(node);
        var hash = 0xCBF29CE484222325UL;
        // A chain of one type, or of two in turn (an object and its dict), is one step however long it is.
        int last = -1, lastButOne = -1, compared = 0;
        for (var i = path.Length - 1; i > 0 && compared < StepsCompared; i--)
        {
            var type = heap.Graph.TypeIds[path[i].Value];
            if (type == last || type == lastButOne)
                continue;
            Mix((ulong)type);
            (last, lastButOne) = (type, last);
            compared++;
        }
        // The holder itself, and the variable of a module that it starts with.
        if (path.Length > 0)
            Mix((ulong)path[0].Value);
        if (path.Length > 1 && heap.IsModule(path[0]))
            Mix((ulong)path[1].Value);
        return hash;

        void Mix(ulong word) => hash = (hash ^ word) * 0x9E3779B97F4A7C15;
    }

    private sealed class Group
    {
        public long Objects { get; set; }

        public long Shallow { get; set; }

        public long Retained { get; set; }

        public NodeId Example { get; set; }

        public BirthCounts Births { get; } = new();
    }
}
