using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Growth;

/// <summary>What keeps new objects.</summary>
public enum GrowthKind
{
    /// <summary>One object that was there before.</summary>
    Object,

    /// <summary>No single object.</summary>
    Several,

    /// <summary>References that no Python object accounts for.</summary>
    Code,

    /// <summary>Nothing: a collection would free them.</summary>
    Garbage,

    /// <summary>Nothing but gc.freeze().</summary>
    FrozenGarbage,

    /// <summary>Nothing, and a collection would leave them.</summary>
    UncollectableGarbage,
}

/// <param name="Reference">How the holder refers to it (<c>.keep</c>, <c>[17]</c>); empty where others stand between.</param>
/// <param name="Retained">Bytes.</param>
public sealed record LargestNew(string Reference, string Type, ulong Address, long Retained);

/// <summary>New objects that are kept in one way.</summary>
/// <param name="HeldBy">The way to the holder; where there is no single one, what there is instead.</param>
/// <param name="Address">Of the holder, with its type and length; 0 where there is no single one.</param>
/// <param name="Objects">New ones that it holds itself; what they hold in turn is not counted. Of garbage, all.</param>
/// <param name="Retained">Bytes of the new objects that would be freed with it; of garbage, their own.</param>
/// <param name="Largest">Of the new objects that a single one holds.</param>
public sealed record HolderGrowth(GrowthKind Kind, string HeldBy, string Type, ulong Address, long Length, long Objects, long Retained, LargestNew? Largest)
{
    private const int Most = 50;

    /// <summary>New objects belong to the old one that dominates them: with it they would go.</summary>
    /// <returns>The most bytes first.</returns>
    internal static IReadOnlyList<HolderGrowth> In(HeldHeap heap, bool[] isNew, bool showsKeys)
    {
        var held = new Dictionary<(GrowthKind Kind, int Node), Sum>();
        HashSet<int> ofCode = heap.Graph.Surplus.Length == 0 ? [] : [.. ReferenceAudit.Of(heap).Types.SelectMany(type => type.NodesAlone)];
        for (var node = 0; node < isNew.Length; node++)
            if (isNew[node] && HolderOf(heap, isNew, ofCode, new NodeId(node)) is { } holder)
                held[holder] = held.GetValueOrDefault(holder).With(node, BytesOf(heap, new NodeId(node)));
        var words = new PathWords(heap, showsKeys);
        return [.. held
            .OrderByDescending(each => each.Value.Bytes).ThenBy(each => each.Key)
            .Take(Most)
            .Select(each => each.Key.Kind == GrowthKind.Object ? Of(heap, words, new NodeId(each.Key.Node), each.Value) : Of(each.Key.Kind, each.Value))];
    }

    /// <summary>Null for what a new object holds: it belongs to that one.</summary>
    private static (GrowthKind Kind, int Node)? HolderOf(HeldHeap heap, bool[] isNew, HashSet<int> ofCode, NodeId node)
    {
        if (!heap.Dominators.IsReached(node))
            return (KindOf(heap.Unheld.ReasonOf(node)), -1);
        var above = heap.Dominators.DominatorOf(node);
        if (above < 0)
            return (ofCode.Contains(node.Value) ? GrowthKind.Code : GrowthKind.Several, -1);
        return isNew[above] ? null : (GrowthKind.Object, above);
    }

    private static GrowthKind KindOf(KeptReason reason) => reason switch
    {
        KeptReason.None => GrowthKind.Garbage,
        KeptReason.Frozen => GrowthKind.FrozenGarbage,
        _ => GrowthKind.UncollectableGarbage,
    };

    /// <summary>Nothing dominates garbage, so each of its objects stands for itself.</summary>
    private static long BytesOf(HeldHeap heap, NodeId node) =>
        heap.Dominators.IsReached(node) ? heap.Dominators.RetainedBy(node) : heap.Graph.Sizes[node.Value];

    private static HolderGrowth Of(HeldHeap heap, PathWords words, NodeId holder, Sum sum)
    {
        var largest = new NodeId(sum.Largest);
        return new HolderGrowth(
            GrowthKind.Object,
            words.To(holder, isShape: false),
            heap.Graph.TypeOf(holder).QualifiedName,
            heap.Graph.Addresses[holder.Value],
            heap.Names.LengthOf(holder),
            sum.Objects,
            sum.Bytes,
            new LargestNew(words.Reference(holder, largest), heap.Graph.TypeOf(largest).QualifiedName, heap.Graph.Addresses[largest.Value], sum.LargestBytes));
    }

    private static HolderGrowth Of(GrowthKind kind, Sum sum) => new(kind, WordsOf(kind), "", 0, -1, sum.Objects, sum.Bytes, null);

    private static string WordsOf(GrowthKind kind) => kind switch
    {
        GrowthKind.Code => "C code alone",
        GrowthKind.Garbage => "nothing: garbage that a collection would free",
        GrowthKind.FrozenGarbage => "nothing: garbage that gc.freeze() keeps",
        GrowthKind.UncollectableGarbage => "nothing: garbage that collections leave",
        _ => "several holders together, or none in Python",
    };

    private readonly record struct Sum(long Objects, long Bytes, int Largest, long LargestBytes)
    {
        public Sum With(int node, long bytes) => Objects == 0 || bytes > LargestBytes
            ? new Sum(Objects + 1, Bytes + bytes, node, bytes)
            : this with { Objects = Objects + 1, Bytes = Bytes + bytes };
    }
}
