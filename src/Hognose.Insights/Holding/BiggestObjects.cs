using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>An object that keeps much alive. Sizes are bytes.</summary>
/// <param name="Length">Items, entries or characters; -1 where the type has none.</param>
/// <param name="HeldBy">A shortest way from what holds it.</param>
public sealed record BigObject(
    ulong Address, string Type, string OwnName, long Length, long Shallow, long Retained, long RetainedObjects, string HeldBy)
{
    /// <summary>Its type is not known, so its own size is what that declares, at least; or the way was found by a scan in part.</summary>
    public bool IsEstimate { get; init; }
}

/// <summary>
/// Which objects retain the most. The namespace of a module is passed over for what it holds, and an object that one of its parts makes up nearly
/// whole for the part: the way to the thing that grew leads through such.
/// </summary>
/// <param name="GarbageBytes">That a collection would free.</param>
/// <param name="GarbageObjects">Of those.</param>
public sealed record BiggestObjects(IReadOnlyList<BigObject> Objects, long ReachedBytes, long ReachedObjects, long GarbageBytes, long GarbageObjects)
{
    /// <summary>Garbage that a collection would leave.</summary>
    public required IReadOnlyList<KeptGarbage> KeptGarbage { get; init; }

    /// <summary>Of the whole heap.</summary>
    public required HeapEstimates Estimates { get; init; }

    /// <summary>Of an object that a single one of its parts makes up by this share the part is shown.</summary>
    private const double NearlyAll = 0.9;

    /// <summary>So many objects of one type, one within the other, are a linked list; fewer are containers within containers.</summary>
    private const int FewestLinks = 5;

    /// <summary>Long enough to tell a linked list, also one that goes through a dict of each link.</summary>
    private const int LongestChain = 64;

    public static BiggestObjects Of(HeldHeap heap, int most, bool showsKeys)
    {
        var tree = heap.Dominators;
        var words = new PathWords(heap, showsKeys);
        var objects = Chosen(heap, tree, most).Select(node => Describe(heap, tree, node, words)).ToList();
        return new BiggestObjects(objects, tree.RetainedByRoots, tree.Reached, heap.Unheld.Bytes, heap.Unheld.Objects)
        {
            KeptGarbage = heap.Unheld.Kept,
            Estimates = heap.Estimates,
        };
    }

    public double ShareOf(long bytes) => ReachedBytes == 0 ? 0 : (double)bytes / ReachedBytes;

    private static List<NodeId> Chosen(HeldHeap heap, DominatorTree tree, int most)
    {
        var chosen = new List<NodeId>();
        var open = new PriorityQueue<int, long>();
        Open(tree.Top);
        while (chosen.Count < most && open.TryDequeue(out var node, out _))
        {
            if (heap.IsModule(new NodeId(node)))
                Open(tree.DominatedBy(new NodeId(node)));
            else
                chosen.Add(WhatGrew(heap, tree, new NodeId(node)));
        }
        return chosen;

        void Open(ReadOnlySpan<int> nodes)
        {
            // They come by size: what stands behind this many larger ones cannot be chosen.
            foreach (var node in nodes[..Math.Min(nodes.Length, most * 2)])
                open.Enqueue(node, -tree.RetainedBy(new NodeId(node)));
        }
    }

    /// <summary>
    /// Down from an object that is nearly all one of its parts, to the part. A chain that comes back to a type again and again (a linked list) is told by its
    /// first object of that type, and a namespace by whose it is.
    /// </summary>
    private static NodeId WhatGrew(HeldHeap heap, DominatorTree tree, NodeId node)
    {
        var chain = new List<NodeId> { node };
        while (chain.Count <= LongestChain && NearlyAllOf(tree, chain[^1]) is { } part)
            chain.Add(part);
        var isNamespace = chain.Count > 1 && heap.Names.Between(chain[^2], chain[^1]).Kind == ReferenceKind.Namespace;
        var grown = isNamespace ? chain[^2] : chain[^1];
        var alike = chain.FindAll(each => heap.Graph.TypeIds[each.Value] == heap.Graph.TypeIds[grown.Value]);
        return alike.Count >= FewestLinks ? alike[0] : grown;
    }

    private static NodeId? NearlyAllOf(DominatorTree tree, NodeId node)
    {
        var parts = tree.DominatedBy(node);
        return parts.Length > 0 && tree.RetainedBy(new NodeId(parts[0])) >= NearlyAll * tree.RetainedBy(node) ? new NodeId(parts[0]) : null;
    }

    private static BigObject Describe(HeldHeap heap, DominatorTree tree, NodeId node, PathWords words)
    {
        var way = heap.Paths.To(node);
        return new BigObject(
            heap.Graph.Addresses[node.Value],
            heap.Graph.TypeOf(node).QualifiedName,
            heap.Names.OwnNameOf(node),
            heap.Names.LengthOf(node),
            heap.Graph.Sizes[node.Value],
            tree.RetainedBy(node),
            CountUnder(tree, node),
            words.To(node, isShape: false))
        {
            IsEstimate = HeapEstimates.IsOfSize(heap.Graph, node) || HeapEstimates.IsOfWay(heap.Graph, way),
        };
    }

    private static long CountUnder(DominatorTree tree, NodeId node)
    {
        long count = 0;
        var open = new Stack<int>([node.Value]);
        while (open.TryPop(out var at))
        {
            count++;
            foreach (var part in tree.PartsOf(new NodeId(at)))
                open.Push(part);
        }
        return count;
    }
}
