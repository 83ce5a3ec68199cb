using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>An object as reports show it. Sizes are bytes.</summary>
/// <param name="OwnName">Of a module, class, function or code object; empty for others.</param>
/// <param name="Length">Items, entries or characters; -1 where the type has none.</param>
public sealed record SeenObject(ulong Address, string Type, string OwnName, long Length, long Shallow, long Retained)
{
    /// <summary>The beginning of a string, bytes, or a number, when contents were asked for; else empty.</summary>
    public string Value { get; init; } = "";

    /// <summary>Its type is not known: the shallow size is what it declares, at least.</summary>
    public bool IsEstimate { get; init; }

    public static SeenObject Of(HeldHeap heap, NodeId node, bool showsContents = false) => new(
        heap.Graph.Addresses[node.Value],
        heap.Graph.TypeOf(node).QualifiedName,
        heap.Names.OwnNameOf(node),
        heap.Names.LengthOf(node),
        heap.Graph.Sizes[node.Value],
        heap.Dominators.RetainedBy(node))
    {
        IsEstimate = HeapEstimates.IsOfSize(heap.Graph, node),
        Value = showsContents ? heap.Names.ValueOf(node) : "",
    };
}
