using Hognose.Columns;

namespace Hognose.Heap;

/// <summary>
/// The objects of a heap and the edges between them, as columns: node <c>i</c> has its address, type, shallow size and flags at index
/// <c>i</c>, and its edges stand at <c>EdgeStarts[i] .. EdgeStarts[i + 1]</c> of <see cref="Edges"/>, in the order in which
/// <c>tp_traverse</c> visits them. An edge is the target's id in the low 30 bits and its <see cref="EdgeKind"/> in the high two.
/// About 17 bytes an object and 4 an edge.
/// </summary>
public sealed class HeapGraph
{
    public const int KindShift = 30;

    /// <summary>Ids share 32 bits with the edge kind.</summary>
    public const int MaxNodes = (1 << KindShift) - 1;

    public required AddressColumn Addresses { get; init; }

    public required int[] TypeIds { get; init; }

    /// <summary>Bytes, as <c>sys.getsizeof</c> counts them.</summary>
    public required NumberColumn Sizes { get; init; }

    public required NodeFlags[] Flags { get; init; }

    /// <summary>One more than there are nodes.</summary>
    public required int[] EdgeStarts { get; init; }

    public required uint[] Edges { get; init; }

    public required TypeTable Types { get; init; }

    /// <summary>Nodes that are held from outside the graph, ascending.</summary>
    public required int[] Roots { get; init; }

    /// <summary>
    /// References to each node from outside the graph, by its reference count; negative where more were found than it counts, and
    /// <see cref="NotCounted"/> where the count says nothing (what never dies, interned strings). Empty while nobody worked them out.
    /// </summary>
    public NumberColumn Surplus { get; set; } = [];

    /// <summary>Below all that <see cref="Surplus"/> says of references; takes two bytes.</summary>
    public const long NotCounted = NumberColumn.LeastNear;

    /// <summary>Nodes that running frames own a reference to, one entry a reference: part of the surplus.</summary>
    public int[] HeldByFrames { get; set; } = [];

    /// <summary>By node: of a str or bytes the nearest before it of the same type and contents, else -1. Empty when nobody asked.</summary>
    public int[] EqualBefore { get; set; } = [];

    /// <summary>By node: bytes of a container's storage that a copy of it would do without. Empty when nobody asked.</summary>
    public NumberColumn UnusedBytes { get; set; } = [];

    public int NodeCount => Addresses.Length;

    public int EdgeCount => EdgeStarts[^1];

    public HeapType TypeOf(NodeId node) => Types[new TypeId(TypeIds[node.Value])];

    public static uint Pack(int target, EdgeKind kind) => (uint)target | ((uint)kind << KindShift);

    public static NodeId TargetOf(uint edge) => new((int)(edge & MaxNodes));

    public static EdgeKind KindOf(uint edge) => (EdgeKind)(edge >> KindShift);

    public ReadOnlySpan<uint> EdgesOf(NodeId node)
    {
        var start = EdgeStarts[node.Value];
        return Edges.AsSpan(start, EdgeStarts[node.Value + 1] - start);
    }

    /// <summary>The node at exactly this address, by binary search.</summary>
    public bool TryFind(ulong address, out NodeId node)
    {
        var index = Addresses.Search(address);
        node = new NodeId(index);
        return index >= 0;
    }

    public int CountEdges(EdgeKind kind)
    {
        var count = 0;
        foreach (var edge in Edges.AsSpan(0, Math.Min(EdgeCount, Edges.Length)))
            count += KindOf(edge) == kind ? 1 : 0;
        return count;
    }

    /// <summary>How many owning edges lead to each node; an edge that only the collector sees is none.</summary>
    public int[] InDegrees()
    {
        var degrees = new int[NodeCount];
        foreach (var edge in Edges)
            if (KindOf(edge) != EdgeKind.GcOnly)
                degrees[TargetOf(edge).Value]++;
        return degrees;
    }
}
