using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>A reference between an object and another.</summary>
/// <param name="Other">The one at the other end.</param>
/// <param name="Name">How it is written; "→" where Python code cannot.</param>
/// <param name="Times">References of the kind between the two.</param>
/// <param name="IsWeak">It holds nothing.</param>
public sealed record NamedReference(SeenObject Other, string Name, long Times, bool IsWeak)
{
    /// <summary>Found by a scan of the words of a type that is not known: likely, not proven.</summary>
    public bool IsEstimate { get; init; }
}

/// <summary>References in one direction.</summary>
/// <param name="Shown">The most retained bytes first.</param>
/// <param name="Objects">At the other ends, shown or not.</param>
/// <param name="Shallow">Bytes of theirs.</param>
public sealed record ReferenceList(IReadOnlyList<NamedReference> Shown, long Objects, long Shallow)
{
    public long Left => Objects - Shown.Count;
}

/// <summary>What an object refers to and what refers to it, by name.</summary>
/// <param name="FromOutside">References that its count knows and no object of the heap holds; null where that cannot be told.</param>
public sealed record ReferencesOfObject(SeenObject Object, ReferenceList Referrers, ReferenceList Referents, long? FromOutside)
{
    /// <summary>Of the whole heap.</summary>
    public required HeapEstimates Estimates { get; init; }

    /// <param name="heap">The heap.</param>
    /// <param name="address">Of the object.</param>
    /// <param name="most">References shown in each direction.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    /// <returns>Null when no object stands there.</returns>
    public static ReferencesOfObject? Of(HeldHeap heap, ulong address, int most, bool showsKeys)
    {
        if (!heap.Graph.TryFind(address, out var node))
            return null;
        var words = new PathWords(heap, showsKeys);
        var surplus = heap.Graph.Surplus.Length > 0 ? heap.Graph.Surplus[node.Value] : HeapGraph.NotCounted;
        return new ReferencesOfObject(
            SeenObject.Of(heap, node, showsKeys),
            ListOf(heap, SourcesOf(heap, node), most, showsKeys, other => words.Reference(other, node), other => HeapEstimates.IsOfReference(heap.Graph, other, node)),
            ListOf(heap, TargetsOf(heap.Graph, node), most, showsKeys, other => words.Reference(node, other), other => HeapEstimates.IsOfReference(heap.Graph, node, other)),
            surplus == HeapGraph.NotCounted ? null : Math.Max(0, surplus))
        {
            Estimates = heap.Estimates,
        };
    }

    private static Dictionary<(int Other, bool IsWeak), long> TargetsOf(HeapGraph graph, NodeId node)
    {
        var found = new Dictionary<(int, bool), long>();
        foreach (var edge in graph.EdgesOf(node))
            Count(found, HeapGraph.TargetOf(edge).Value, HeapGraph.KindOf(edge) == EdgeKind.GcOnly);
        return found;
    }

    private static Dictionary<(int Other, bool IsWeak), long> SourcesOf(HeldHeap heap, NodeId node)
    {
        var graph = heap.Graph;
        var found = new Dictionary<(int, bool), long>();
        for (var other = 0; other < graph.NodeCount; other++)
            foreach (var edge in graph.EdgesOf(new NodeId(other)))
                if (HeapGraph.TargetOf(edge) == node)
                    Count(found, other, HeapGraph.KindOf(edge) == EdgeKind.GcOnly);
        foreach (var other in WeakReferences.To(heap, target => target == node.Value))
            Count(found, other, isWeak: true);
        return found;
    }

    private static void Count(Dictionary<(int, bool), long> found, int other, bool isWeak) =>
        found[(other, isWeak)] = found.GetValueOrDefault((other, isWeak)) + 1;

    private static ReferenceList ListOf(
        HeldHeap heap, Dictionary<(int Other, bool IsWeak), long> found, int most, bool showsContents, Func<NodeId, string> name, Func<NodeId, bool> isEstimate)
    {
        var shown = found
            .OrderBy(each => each.Key.IsWeak).ThenByDescending(each => heap.Dominators.RetainedBy(new NodeId(each.Key.Other))).ThenBy(each => each.Key.Other)
            .Take(most)
            .Select(each => new NamedReference(SeenObject.Of(heap, new NodeId(each.Key.Other), showsContents), each.Key.IsWeak ? "weak" : name(new NodeId(each.Key.Other)), each.Value, each.Key.IsWeak)
            {
                IsEstimate = !each.Key.IsWeak && isEstimate(new NodeId(each.Key.Other)),
            })
            .ToList();
        var others = found.Keys.Select(key => key.Other).ToHashSet();
        return new ReferenceList(shown, found.Count, others.Sum(other => heap.Graph.Sizes[other]));
    }
}
