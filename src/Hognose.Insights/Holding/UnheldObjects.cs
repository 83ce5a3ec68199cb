using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>Why a collection leaves objects that nothing leads to.</summary>
public enum KeptReason : byte
{
    None,

    /// <summary>gc.freeze() took them, or what leads to them, out of every collection.</summary>
    Frozen,

    /// <summary>Their type, or that of an object that leads to them, has a finalizer of the old kind (tp_del).</summary>
    OldFinalizer,
}

/// <param name="Type">The most frequent of the types that are the reason.</param>
public sealed record KeptGarbage(KeptReason Reason, string Type, long Objects, long Bytes);

/// <summary>
/// Objects that no root leads to: garbage that a collection would free, and garbage that it would leave (Python/gc.c, move_legacy_finalizers).
/// </summary>
public sealed class UnheldObjects
{
    private readonly KeptReason[] _reasons;

    private UnheldObjects(KeptReason[] reasons, IReadOnlyList<KeptGarbage> kept, long objects, long bytes)
    {
        _reasons = reasons;
        Kept = kept;
        Objects = objects - kept.Sum(each => each.Objects);
        Bytes = bytes - kept.Sum(each => each.Bytes);
    }

    /// <summary>That a collection would free.</summary>
    public long Objects { get; }

    /// <summary>Of those.</summary>
    public long Bytes { get; }

    /// <summary>What a collection would leave.</summary>
    public IReadOnlyList<KeptGarbage> Kept { get; }

    /// <param name="node">That no root leads to.</param>
    public KeptReason ReasonOf(NodeId node) => _reasons.Length == 0 ? KeptReason.None : _reasons[node.Value];

    public string WordsOf(NodeId node) => ReasonOf(node) switch
    {
        KeptReason.Frozen => "it is garbage that gc.freeze() keeps; gc.unfreeze() and then gc.collect() would free it",
        KeptReason.OldFinalizer => "it is garbage that collections leave, for a finalizer of the old kind (tp_del)",
        _ => "it is garbage that a collection would free",
    };

    internal static UnheldObjects Of(HeldHeap heap)
    {
        var graph = heap.Graph;
        if (heap.Dominators.Reached == graph.NodeCount)
            return new UnheldObjects([], [], 0, 0);
        var reasons = new KeptReason[graph.NodeCount];
        var hasOldFinalizer = graph.Types.All.Select(type => type.HasOldFinalizer).ToArray();
        List<KeptGarbage> kept =
        [
            Spread(heap, reasons, KeptReason.Frozen, node => (graph.Flags[node] & NodeFlags.Frozen) != 0),
            Spread(heap, reasons, KeptReason.OldFinalizer, node => hasOldFinalizer[graph.TypeIds[node]]),
        ];
        return new UnheldObjects(
            reasons, kept.FindAll(each => each.Objects > 0), graph.NodeCount - heap.Dominators.Reached, graph.Sizes.Sum() - heap.Dominators.RetainedByRoots);
    }

    /// <summary>From the objects that are the reason to all that they lead to.</summary>
    private static KeptGarbage Spread(HeldHeap heap, KeptReason[] reasons, KeptReason reason, Func<int, bool> isReason)
    {
        var graph = heap.Graph;
        var open = new Stack<int>();
        var types = new Dictionary<int, long>();
        for (var node = 0; node < reasons.Length; node++)
        {
            if (!IsFree(node) || !isReason(node))
                continue;
            types[graph.TypeIds[node]] = types.GetValueOrDefault(graph.TypeIds[node]) + 1;
            reasons[node] = reason;
            open.Push(node);
        }
        long objects = 0, bytes = 0;
        while (open.TryPop(out var node))
        {
            objects++;
            bytes += graph.Sizes[node];
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
            {
                var target = HeapGraph.TargetOf(edge).Value;
                if (HeapGraph.KindOf(edge) == EdgeKind.GcOnly || !IsFree(target))
                    continue;
                reasons[target] = reason;
                open.Push(target);
            }
        }
        var type = types.Count == 0 ? "" : graph.Types[new TypeId(types.OrderByDescending(each => each.Value).ThenBy(each => each.Key).First().Key)].QualifiedName;
        return new KeptGarbage(reason, type, objects, bytes);

        bool IsFree(int node) => reasons[node] == KeptReason.None && !heap.Dominators.IsReached(new NodeId(node));
    }
}
