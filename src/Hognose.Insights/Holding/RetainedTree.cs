using Hognose.Heap;
using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>An object in the tree of what retains what.</summary>
/// <param name="Object">Null for the whole heap.</param>
/// <param name="Reference">How the one above refers to it, or who holds it; empty where several ways lead to it.</param>
/// <param name="Parts">What would be freed with it, the most retained bytes first; empty beneath the depth asked for.</param>
/// <param name="OtherObjects">How many more it dominates immediately.</param>
/// <param name="OtherBytes">Retained by those.</param>
public sealed record RetainedPart(
    SeenObject? Object, string Reference, long Retained, IReadOnlyList<RetainedPart> Parts, long OtherObjects, long OtherBytes)
{
    /// <summary>The object's type is not known, so its own size is what that declares, at least; or the reference was found by a scan.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>Of the others the types that retain the most, three at most.</summary>
    public IReadOnlyList<OtherParts> OtherTypes { get; init; } = [];

    /// <summary>It, or one of its parts.</summary>
    public bool HasEstimate => IsEstimate || Parts.Any(part => part.HasEstimate);
}

/// <summary>Parts of one type that are not listed one by one.</summary>
public sealed record OtherParts(string Type, long Objects, long Retained);

/// <summary>
/// The dominator tree, opened level by level: beneath an object stands what would be freed with it. An instance's dict of attributes, or a class's or
/// module's, is no level of its own: what it holds stands beneath its owner.
/// </summary>
public sealed record RetainedTree(RetainedPart Top, long HeldBytes)
{
    /// <summary>Of the whole heap.</summary>
    public required HeapEstimates Estimates { get; init; }

    public double ShareOf(long bytes) => HeldBytes == 0 ? 0 : (double)bytes / HeldBytes;

    /// <param name="heap">The heap.</param>
    /// <param name="from">The object to begin with; null for all that the roots hold.</param>
    /// <param name="depth">Levels beneath it.</param>
    /// <param name="most">Parts listed of each.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    /// <returns>Null when no object stands at that address, or nothing holds it.</returns>
    public static RetainedTree? Of(HeldHeap heap, ulong? from, int depth, int most, bool showsKeys)
    {
        var held = heap.Dominators.RetainedByRoots;
        var all = from is { } address && heap.Graph.TryFind(address, out var first) ? heap.Dominators.RetainedBy(first) : held;
        var opening = new Opening(heap, most, all, new PathWords(heap, showsKeys));
        if (from is null)
            return new RetainedTree(opening.Whole(depth), held) { Estimates = heap.Estimates };
        return heap.Graph.TryFind(from.Value, out var node) && heap.Dominators.IsReached(node)
            ? new RetainedTree(opening.Open(node, null, opening.WayTo(node), depth), held) { Estimates = heap.Estimates }
            : null;
    }

    private sealed class Opening(HeldHeap heap, int most, long all, PathWords words)
    {
        private const int MostPartsOfAnOwner = 256;
        private const int MostOtherTypes = 3;

        /// <summary>Of what the tree begins with: smaller parts would be printed as 0.0 %.</summary>
        private const int SmallestPart = 2000;

        private readonly DominatorTree _tree = heap.Dominators;

        private bool IsLargeEnough(NodeId node) => _tree.RetainedBy(node) >= all / SmallestPart;

        public string WayTo(NodeId node) => words.To(node, isShape: false);

        public RetainedPart Whole(int depth)
        {
            var shown = _tree.Top[..Math.Min(most, _tree.Top.Length)].ToArray().TakeWhile(node => IsLargeEnough(new NodeId(node))).ToList();
            var parts = shown.Select(node => Open(new NodeId(node), null, WayTo(new NodeId(node)), depth - 1)).ToList();
            return new RetainedPart(null, "", _tree.RetainedByRoots, parts, _tree.Top.Length - shown.Count, _tree.RetainedByRoots - parts.Sum(part => part.Retained))
            {
                OtherTypes = TypesOf([.. _tree.Top[shown.Count..]]),
            };
        }

        public RetainedPart Open(NodeId node, NodeId? holder, string reference, int depth)
        {
            var seen = SeenObject.Of(heap, node, words.ShowsContents);
            var isEstimate = seen.IsEstimate || (holder is { } from && HeapEstimates.IsOfReference(heap.Graph, from, node));
            if (depth <= 0)
                return new RetainedPart(seen, reference, seen.Retained, [], 0, 0) { IsEstimate = isEstimate };
            var parts = PartsOf(node);
            var shown = parts.Take(most).TakeWhile(part => IsLargeEnough(part.Node)).ToList();
            var rest = parts.Skip(shown.Count).Sum(part => _tree.RetainedBy(part.Node));
            return new RetainedPart(
                seen, reference, seen.Retained,
                [.. shown.Select(part => Open(part.Node, part.Holder, words.Reference(part.Holder, part.Node), depth - 1))],
                parts.Count - shown.Count, rest)
            {
                IsEstimate = isEstimate,
                OtherTypes = TypesOf(parts.Skip(shown.Count).Select(part => part.Node.Value)),
            };
        }

        private List<OtherParts> TypesOf(IEnumerable<int> others) => [.. others
            .GroupBy(node => heap.Graph.TypeOf(new NodeId(node)).QualifiedName, StringComparer.Ordinal)
            .Select(type => new OtherParts(type.Key, type.LongCount(), type.Sum(node => _tree.RetainedBy(new NodeId(node)))))
            .OrderByDescending(type => type.Retained).ThenBy(type => type.Type, StringComparer.Ordinal).Take(MostOtherTypes)];

        /// <summary>The most retained bytes first, each with the object that may refer to it: the node, or its namespace.</summary>
        private List<(NodeId Node, NodeId Holder)> PartsOf(NodeId node)
        {
            var parts = new List<(NodeId Node, NodeId Holder)>();
            foreach (var part in _tree.DominatedBy(node))
                parts.Add((new NodeId(part), node));
            var own = parts.Take(MostPartsOfAnOwner).ToList().FindIndex(part => heap.IsNamespaceOf(part.Node, node));
            if (own < 0)
                return parts;
            var @namespace = parts[own].Node;
            parts.RemoveAt(own);
            foreach (var part in _tree.DominatedBy(@namespace))
                parts.Add((new NodeId(part), @namespace));
            return [.. parts.OrderByDescending(part => _tree.RetainedBy(part.Node)).ThenBy(part => part.Node.Value)];
        }
    }
}
