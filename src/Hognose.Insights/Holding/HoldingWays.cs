using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Retention;
using Hognose.Insights.Births;

namespace Hognose.Insights.Holding;

/// <summary>Objects grouped by the ways in which they are held: shortest ways that lead through the same types from the same variable are one.</summary>
internal sealed class HoldingWays(HeldHeap heap)
{
    private readonly Dictionary<ulong, Group> _groups = [];
    private readonly DominatorTree _dominators = heap.Dominators;
    private ulong _lastShape;
    private Group? _last;

    public bool IsEmpty => _groups.Count == 0;

    /// <param name="node">Of the kind that is asked for.</param>
    /// <param name="shape">Of the way to it (<see cref="ShapesOfWays"/>).</param>
    /// <param name="isWithinAnother">What it retains is retained by another one of them already.</param>
    /// <param name="standsFor">So many of its kind.</param>
    public void Add(NodeId node, ulong shape, bool isWithinAnother, double standsFor = 1)
    {
        var group = GroupOf(shape);
        var dominated = _dominators.RetainedBy(node);
        // All of a module is its namespace's: said of each, that would hide what is asked for.
        var retained = heap.IsModule(node) ? heap.Graph.Sizes[node.Value] : dominated;
        if (group.Members == 0 || retained > group.RetainedByExample)
            (group.Example, group.RetainedByExample) = (node, dominated);
        group.Notice(node);
        group.Members++;
        group.Objects += standsFor;
        group.Shallow += standsFor * heap.Graph.Sizes[node.Value];
        group.Retained += isWithinAnother ? 0 : retained;
        if (heap.Births is { } births)
            group.Births.Add(births, node);
    }

    /// <summary>Neighbours are mostly held alike.</summary>
    private Group GroupOf(ulong shape)
    {
        if (_last is not null && shape == _lastShape)
            return _last;
        if (!_groups.TryGetValue(shape, out var group))
            _groups[shape] = group = new Group();
        (_lastShape, _last) = (shape, group);
        return group;
    }

    public long Objects => (long)Math.Round(_groups.Values.Sum(group => group.Objects));

    public long Shallow => (long)Math.Round(_groups.Values.Sum(group => group.Shallow));

    /// <summary>What retains the most first.</summary>
    public IReadOnlyList<WayOfHolding> ToList(bool showsKeys) =>
        Told(_groups.Values.OrderByDescending(group => group.Retained).ThenByDescending(group => group.Shallow).ThenBy(group => group.Example.Value), showsKeys);

    /// <summary>What is largest itself first, and no more than so many.</summary>
    public IReadOnlyList<WayOfHolding> Largest(int most) =>
        Told(_groups.Values.OrderByDescending(group => group.Shallow).ThenByDescending(group => group.Retained).ThenBy(group => group.Example.Value).Take(most), showsKeys: false);

    /// <summary>To put a way into words takes a walk of many, and of a thousand ways a dozen are read.</summary>
    private ToldOnDemand<WayOfHolding> Told(IEnumerable<Group> groups, bool showsKeys)
    {
        var words = new PathWords(heap, showsKeys);
        List<Group> all = [.. groups];
        return new ToldOnDemand<WayOfHolding>(all.Count, i => Told(all[i], words));
    }

    private WayOfHolding Told(Group group, PathWords words)
    {
        var way = heap.Paths.To(group.Example);
        return new WayOfHolding(
            group.Members > 1 ? words.ToAll(group.Noticed()) : words.To(group.Example, isShape: false), (long)Math.Round(group.Objects), (long)Math.Round(group.Shallow), group.Retained,
            heap.Graph.Addresses[group.Example.Value])
        {
            Birth = group.Births.Commonest(heap.Births),
            IsEstimate = HeapEstimates.IsOfWay(heap.Graph, way),
            IsOfCode = way is [var first, ..] && heap.HolderOf(first).Kind == HolderKind.Native,
        };
    }

    private sealed class Group
    {
        private readonly EvenChoice _noticed = new();

        public long Members { get; set; }

        // Whole numbers up to 2^53 unless one stands for several.
        public double Objects { get; set; }

        public double Shallow { get; set; }

        public long Retained { get; set; }

        public NodeId Example { get; set; }

        public long RetainedByExample { get; set; }

        public BirthCounts Births { get; } = new();

        public void Notice(NodeId member) => _noticed.Offer(member);

        public List<NodeId> Noticed() => [.. _noticed.Chosen.Prepend(Example).Distinct()];
    }
}
