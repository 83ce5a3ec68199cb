using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>Objects of one type that are held in one way.</summary>
/// <param name="HeldBy">The way, with places and keys left out when it stands for several objects.</param>
/// <param name="Objects">How many.</param>
/// <param name="Shallow">Bytes of theirs.</param>
/// <param name="Retained">Bytes that they retain, what one retains within another counted once. What several hold together none of them retains.</param>
/// <param name="Example">The address of the one that retains the most.</param>
public sealed record WayOfHolding(string HeldBy, long Objects, long Shallow, long Retained, ulong Example);

/// <summary>Who holds the objects of a type: shortest ways from modules, variables and the rest, grouped by the types they lead through.</summary>
public sealed record HoldersOfType(string Type, long Objects, long Shallow, IReadOnlyList<WayOfHolding> Ways)
{
    /// <summary>Ways are told apart by this many of their last steps and the first.</summary>
    private const int StepsCompared = 24;

    /// <summary>Null when the heap has no object of that type.</summary>
    public static HoldersOfType? Of(HeldHeap heap, string type, bool showsKeys)
    {
        var wanted = Enumerable.Range(0, heap.Graph.Types.Count).Where(id => heap.Graph.Types[new TypeId(id)].QualifiedName == type).ToHashSet();
        var groups = new Dictionary<ulong, Group>();
        var within = WithinAnother(heap, wanted);
        for (var node = 0; node < heap.Graph.NodeCount; node++)
            if (wanted.Contains(heap.Graph.TypeIds[node]))
                Add(heap, new NodeId(node), within[node], groups);
        if (groups.Count == 0)
            return null;
        var words = new PathWords(heap, showsKeys);
        var ways = groups.Values
            .OrderByDescending(group => group.Retained).ThenByDescending(group => group.Shallow).ThenBy(group => group.Example.Value)
            .Select(group => new WayOfHolding(
                words.Of(heap.Paths.To(group.Example), isShape: group.Objects > 1), group.Objects, group.Shallow, group.Retained,
                heap.Graph.Addresses[group.Example.Value]))
            .ToList();
        return new HoldersOfType(type, ways.Sum(way => way.Objects), ways.Sum(way => way.Shallow), ways);
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
        for (var paths = avoided.Count == 0 ? heap.Paths : heap.PathsAvoiding(avoided); ways.Count < most; paths = heap.PathsAvoiding(avoided))
        {
            var path = paths.To(node);
            if (path.Length == 0 && ways.Count > 0)
                break;
            ways.Add(new WayOfHolding(words.Of(path, isShape: false), 1, shallow, retained, address));
            // Held from outside, or by nothing: there is no reference to avoid.
            if (path.Length < 2)
                break;
            avoided.Add((path[^2].Value, path[^1].Value));
        }
        return new HoldersOfType(heap.Graph.TypeOf(node).QualifiedName, 1, shallow, ways);
    }

    /// <summary>By node: whether an object of these types, no module's namespace, dominates it: what it retains is retained by that one already.</summary>
    private static bool[] WithinAnother(HeldHeap heap, HashSet<int> types)
    {
        var within = new bool[heap.Graph.NodeCount];
        foreach (var node in heap.Dominators.TopDown)
        {
            var above = heap.Dominators.DominatorOf(new NodeId(node));
            within[node] = above >= 0 && (within[above] || (types.Contains(heap.Graph.TypeIds[above]) && !heap.IsModule(new NodeId(above))));
        }
        return within;
    }

    private static void Add(HeldHeap heap, NodeId node, bool isWithinAnother, Dictionary<ulong, Group> groups)
    {
        var key = ShapeOf(heap, node);
        if (!groups.TryGetValue(key, out var group))
            groups[key] = group = new Group();
        // All of a module is its namespace's: said of each, that would hide what is asked for.
        var retained = heap.IsModule(node) ? heap.Graph.Sizes[node.Value] : heap.Dominators.RetainedBy(node);
        if (group.Objects == 0 || retained > heap.Dominators.RetainedBy(group.Example))
            group.Example = node;
        group.Objects++;
        group.Shallow += heap.Graph.Sizes[node.Value];
        group.Retained += isWithinAnother ? 0 : retained;
    }

    private static ulong ShapeOf(HeldHeap heap, NodeId node)
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
    }
}
