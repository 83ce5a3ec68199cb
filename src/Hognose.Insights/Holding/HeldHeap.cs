using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>A heap with what holds it: the ground of every question about holders. Each part is worked out when it is first asked for.</summary>
public sealed class HeldHeap
{
    private readonly Lazy<HeldObjects> _held;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<int, Holder> _holders = [];
    private readonly Lazy<DominatorTree> _dominators;
    private ShortestPaths? _paths;
    private AsyncTasks? _tasks;
    private CallVariables? _callVariables;
    private HeapEstimates? _estimates;
    private UnheldObjects? _unheld;

    /// <param name="graph">The objects.</param>
    /// <param name="names">Of its references.</param>
    /// <param name="holders">Modules and variables, in the order of preference.</param>
    /// <param name="roots">All nodes that are held from outside, those of the holders or not; namespaces of modules are held besides.</param>
    /// <param name="cancellation">Ends whatever takes long.</param>
    public HeldHeap(HeapGraph graph, IReferenceNames names, IEnumerable<Holder> holders, ReadOnlySpan<int> roots, CancellationToken cancellation)
    {
        Graph = graph;
        Names = names;
        _cancellation = cancellation;
        // sys.modules lists the modules and is no cause of theirs: who names one imports it again.
        int[] given = [.. roots, .. holders.Where(holder => holder.Kind == HolderKind.Module).Select(holder => holder.Node)];
        _held = new Lazy<HeldObjects>(() => new HeldObjects(DepthFirstOrder.OfHeld(graph, given, cancellation)));
        _dominators = new Lazy<DominatorTree>(() => DominatorTree.Of(graph, _held.Value.TakeOrder(), cancellation));
        foreach (var holder in holders)
            _holders.TryAdd(holder.Node, holder);
    }

    public HeapGraph Graph { get; }

    /// <summary>Modules and variables, one for each node that one holds.</summary>
    public IReadOnlyCollection<Holder> Holders => _holders.Values;

    public IReferenceNames Names { get; }

    /// <summary>Where objects were allocated; null where no recording tells.</summary>
    public HeapFileBirths? Births { get; init; }

    internal AsyncTasks Tasks => _tasks ??= new AsyncTasks(this);

    internal CallVariables CallVariables => _callVariables ??= new CallVariables(Holders);

    public HeapEstimates Estimates => _estimates ??= HeapEstimates.Of(Graph);

    /// <summary>Garbage.</summary>
    public UnheldObjects Unheld => _unheld ??= UnheldObjects.Of(this);

    /// <summary>Every node that is held from outside the heap.</summary>
    public ReadOnlySpan<int> Roots => _held.Value.Roots;

    public DominatorTree Dominators => _dominators.Value;

    /// <summary>Bytes that the objects of a group keep alive together, exactly.</summary>
    /// <param name="groupOf">By node.</param>
    public long RetainedTogether(ReadOnlySpan<int> groupOf, int group) =>
        GroupRetention.Exact(Graph, Roots, Dominators.RetainedByRoots, groupOf, group, _cancellation);

    /// <summary>Ways through modules and variables come first: another way is shown only where there is none.</summary>
    public ShortestPaths Paths => _paths ??= PathsAvoiding(new HashSet<(int, int)>());

    /// <summary>The same in a heap without these references (from, to).</summary>
    public ShortestPaths PathsAvoiding(IReadOnlySet<(int From, int To)> references) =>
        ShortestPaths.Of(Graph, [.. _holders.Keys], () => _held.Value.Roots, references, _cancellation);

    /// <summary>Whether a module or variable holds a node itself: a holder that has a name.</summary>
    public bool HasNamedHolder(NodeId node) => _holders.ContainsKey(node.Value);

    /// <summary>What is known of the holder of a node that a path begins with.</summary>
    public Holder HolderOf(NodeId node)
    {
        if (_holders.TryGetValue(node.Value, out var holder))
            return holder;
        var flags = Graph.Flags[node.Value];
        var kind = (flags & NodeFlags.Static) != 0 ? HolderKind.Static
            : (flags & NodeFlags.Root) != 0 ? HolderKind.Interpreter
            : (flags & NodeFlags.Immortal) != 0 ? HolderKind.Immortal
            : HolderKind.Native;
        return new Holder(node.Value, kind);
    }

    /// <summary>Whether a node is the namespace of a module: what it holds is global variables.</summary>
    public bool IsModule(NodeId node) => _holders.TryGetValue(node.Value, out var holder) && holder.Kind == HolderKind.Module;

    /// <summary>Whether an object is the dict of its owner's attributes or of a module's variables: what it holds is named, not keyed.</summary>
    public bool IsNamespace(NodeId node) =>
        IsModule(node) || (Dominators.DominatorOf(node) is var owner and >= 0 && IsNamespaceOf(node, new NodeId(owner)));

    /// <summary>The same for one owner. A list, which may hold a million dicts and be gone over for the name of each, is not asked.</summary>
    public bool IsNamespaceOf(NodeId node, NodeId owner) =>
        Graph.TypeOf(node).QualifiedName == "dict"
        && Graph.TypeOf(owner).QualifiedName is not ("list" or "dict" or "tuple" or "set" or "frozenset" or "collections.deque")
        && Names.Between(owner, node).Kind == ReferenceKind.Namespace;

    /// <summary>The roots, and until dominators use it up the walk from them.</summary>
    private sealed class HeldObjects(DepthFirstOrder order)
    {
        private DepthFirstOrder? _order = order;

        public int[] Roots { get; } = [.. order.Roots];

        public DepthFirstOrder TakeOrder()
        {
            var taken = _order ?? throw new InvalidOperationException("dominators are worked out once");
            _order = null;
            return taken;
        }
    }
}
