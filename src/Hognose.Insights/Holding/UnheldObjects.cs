using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Cycles;

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

/// <summary>Which garbage would a collection leave, and why? (Python/gc.c, move_legacy_finalizers.)</summary>
internal static class UncollectedGarbage
{
    public static (KeptReason[] Reasons, IReadOnlyList<KeptGarbage> Kept) Of(HeldHeap heap)
    {
        var reasons = new KeptReason[heap.Graph.NodeCount];
        var hasOldFinalizer = heap.Graph.Types.All.Select(type => type.HasOldFinalizer).ToArray();
        List<KeptGarbage> kept =
        [
            Spread(heap, reasons, KeptReason.Frozen, node => (heap.Graph.Flags[node] & NodeFlags.Frozen) != 0),
            Spread(heap, reasons, KeptReason.OldFinalizer, node => hasOldFinalizer[heap.Graph.TypeIds[node]]),
        ];
        return (reasons, kept.FindAll(each => each.Objects > 0));
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
