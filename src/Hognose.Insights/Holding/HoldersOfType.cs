using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Births;

namespace Hognose.Insights.Holding;

/// <summary>Objects of one type that are held in one way.</summary>
/// <param name="HeldBy">The way, with places and keys left out when it stands for several objects.</param>
/// <param name="Objects">How many.</param>
/// <param name="Shallow">Bytes of theirs.</param>
/// <param name="Retained">Bytes that they retain, what one retains within another counted once. What several hold together none of them retains.</param>
/// <param name="Example">The address of the one that retains the most.</param>
public sealed record WayOfHolding(string HeldBy, long Objects, long Shallow, long Retained, ulong Example)
{
    /// <summary>Where most of them were allocated; null where no recording tells.</summary>
    public BirthPlace? Birth { get; init; }

    /// <summary>A reference on the way was found by a scan of the words of a type that is not known: likely, not proven.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>It begins with an object that C code holds, as far as reference counts tell.</summary>
    public bool IsOfCode { get; init; }
}

/// <summary>Who holds the objects of a type: shortest ways from modules, variables and the rest, grouped by the types they lead through.</summary>
public sealed record HoldersOfType(string Type, long Objects, long Shallow, IReadOnlyList<WayOfHolding> Ways)
{
    /// <summary>That lead to these objects, and hold none of them.</summary>
    public long WeakReferences { get; init; }

    /// <summary>Their type is not known: sizes are what it declares, at least.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>Of the whole heap.</summary>
    public required HeapEstimates Estimates { get; init; }

    /// <summary>Null when the heap has no object of that type.</summary>
    public static HoldersOfType? Of(HeldHeap heap, string type, bool showsKeys)
    {
        var graph = heap.Graph;
        var wanted = Array.ConvertAll([.. graph.Types.All], each => each.QualifiedName == type);
        // What needs no dominators is found out beside them.
        var beside = Task.Run(() => (Shapes: ShapesOf(heap, wanted), heap.Estimates, Weak: Holding.WeakReferences.To(heap, target => wanted[graph.TypeIds[target]]).Count));
        var within = new WithinOthers(heap, wanted);
        var found = new HoldingWays(heap);
        var (shapes, estimates, weak) = beside.GetAwaiter().GetResult();
        for (var (node, at) = (0, 0); node < graph.NodeCount; node++)
            if (wanted[graph.TypeIds[node]])
                found.Add(new NodeId(node), shapes[at++], within.Holds(new NodeId(node)));
        if (found.IsEmpty)
            return null;
        return new HoldersOfType(type, found.Objects, found.Shallow, found.ToList(showsKeys))
        {
            Estimates = estimates,
            IsEstimate = graph.Types.All.Any(each => each.QualifiedName == type && each.Size == SizeCertainty.Estimate),
            WeakReferences = weak,
        };
    }

    /// <summary>Several ways to one object, each avoiding the last references of those before it. Null when no object stands there.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="address">Of the object.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    /// <param name="without">References that are no way, from the start.</param>
    public static HoldersOfType? OfObject(HeldHeap heap, ulong address, bool showsKeys, IReadOnlySet<(int From, int To)>? without = null)
    {
        const int most = 5;
        if (!heap.Graph.TryFind(address, out var node))
            return null;
        var words = new PathWords(heap, showsKeys);
        var shallow = heap.Graph.Sizes[node.Value];
        var retained = heap.Dominators.RetainedBy(node);
        var ways = new List<WayOfHolding>();
        var avoided = new HashSet<(int, int)>(without ?? new HashSet<(int, int)>());
        var birth = new BirthCounts();
        if (heap.Births is { } births)
            birth.Add(births, node);
        for (var paths = avoided.Count == 0 ? heap.Paths : heap.PathsAvoiding(avoided); ways.Count < most; paths = heap.PathsAvoiding(avoided))
        {
            var path = paths.To(node);
            if (path.Length == 0 && ways.Count > 0)
                break;
            ways.Add(new WayOfHolding(path.Length == 0 ? words.Garbage(node) : words.Of(path, isShape: false), 1, shallow, retained, address)
            {
                IsOfCode = path.Length > 0 && heap.HolderOf(path[0]).Kind == HolderKind.Native,
                Birth = birth.Commonest(heap.Births),
                IsEstimate = HeapEstimates.IsOfWay(heap.Graph, path),
            });
            // Held from outside, or by nothing: there is no reference to avoid.
            if (path.Length < 2)
                break;
            avoided.Add((path[^2].Value, path[^1].Value));
        }
        return new HoldersOfType(heap.Graph.TypeOf(node).QualifiedName, 1, shallow, ways)
        {
            Estimates = heap.Estimates,
            IsEstimate = HeapEstimates.IsOfSize(heap.Graph, node),
            WeakReferences = Holding.WeakReferences.To(heap, target => target == node.Value).Count,
        };
    }

    /// <summary>Of the wanted nodes, in their order.</summary>
    private static ulong[] ShapesOf(HeldHeap heap, bool[] wanted)
    {
        var shapes = new ShapesOfWays(heap);
        var types = heap.Graph.TypeIds;
        var found = new ulong[types.Count(type => wanted[type])];
        for (var (node, at) = (0, 0); node < types.Length; node++)
            if (wanted[types[node]])
                found[at++] = shapes.Of(new NodeId(node));
        return found;
    }
}
