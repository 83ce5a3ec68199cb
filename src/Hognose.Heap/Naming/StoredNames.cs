using Hognose.Columns;

namespace Hognose.Heap.Naming;

/// <summary>The names of all references of a heap as columns: nothing else is needed to say who holds what.</summary>
public sealed class StoredNames : IReferenceNames
{
    private readonly HeapGraph _graph;

    public StoredNames(HeapGraph graph) => _graph = graph;

    /// <summary>By edge: an index into <see cref="Names"/>.</summary>
    public required int[] EdgeNames { get; init; }

    /// <summary>Entry 0 is the reference without a name. An item's index is its place among the items of its node.</summary>
    public required IReadOnlyList<ReferenceName> Names { get; init; }

    /// <summary>By node; -1 where there is none.</summary>
    public required NumberColumn Lengths { get; init; }

    public required IReadOnlyDictionary<int, string> OwnNames { get; init; }

    /// <summary>By function: the variables of its closure.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyList<string>> FreeVariables { get; init; }

    /// <summary>Contents, by str, bytes or number; empty unless they were asked for.</summary>
    public IReadOnlyDictionary<int, string> Values { get; init; } = new Dictionary<int, string>();

    /// <summary>By weak reference: what it leads to without holding it.</summary>
    public IReadOnlyDictionary<int, int> WeakTargets { get; init; } = new Dictionary<int, int>();

    /// <summary>By generator or coroutine: where it waits.</summary>
    public IReadOnlyDictionary<int, Place> Suspended { get; init; } = new Dictionary<int, Place>();

    public ReferenceName Between(NodeId source, NodeId target)
    {
        var start = _graph.EdgeStarts[source.Value];
        var edges = _graph.EdgesOf(source);
        for (var i = 0; i < edges.Length; i++)
            if (HeapGraph.TargetOf(edges[i]) == target && Names[EdgeNames[start + i]] is { Kind: not ReferenceKind.Unnamed } name)
                return name.Kind == ReferenceKind.Item ? name with { Index = ItemsAmong(EdgeNames.AsSpan(start, i)) } : name;
        return default;
    }

    /// <summary>A list has a million references of one name.</summary>
    private long ItemsAmong(ReadOnlySpan<int> names)
    {
        var (items, last, isItem) = (0L, -1, false);
        foreach (var name in names)
        {
            if (name != last)
                (last, isItem) = (name, Names[name].Kind == ReferenceKind.Item);
            items += isItem ? 1 : 0;
        }
        return items;
    }

    public long LengthOf(NodeId node) => Lengths[node.Value];

    public string FreeVariableOf(NodeId closure, long index) =>
        FreeVariables.TryGetValue(closure.Value, out var names) && index >= 0 && index < names.Count ? names[(int)index] : "";

    public string OwnNameOf(NodeId node) => OwnNames.GetValueOrDefault(node.Value) ?? "";

    public int WeakTargetOf(NodeId weakReference) => WeakTargets.TryGetValue(weakReference.Value, out var target) ? target : -1;

    public Place SuspendedAt(NodeId node) => Suspended.GetValueOrDefault(node.Value);

    public string ValueOf(NodeId node) => Values.GetValueOrDefault(node.Value) ?? "";
}
