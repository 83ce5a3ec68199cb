using Hognose.Heap;
using Hognose.Heap.Resident;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Resident;

/// <summary>Objects of one type, held in one way, in arenas that are nearly empty.</summary>
/// <param name="Bytes">Of their blocks' owners, as <c>sys.getsizeof</c> counts them.</param>
/// <param name="Arenas">In how many of those arenas they stand.</param>
public sealed record PinningObjects(string Type, string HeldBy, long Objects, long Bytes, int Arenas);

/// <summary>
/// Which few objects keep arenas of pymalloc that are nearly empty? An arena goes back to the kernel only when its last block is freed.
/// </summary>
/// <param name="Arenas">That are nearly empty.</param>
/// <param name="Resident">Bytes that would come back if the objects in them went.</param>
/// <param name="UsedBytes">Bytes in use in them.</param>
/// <param name="Objects">Objects in them; of more than <see cref="MostAsked"/> an even choice was asked who holds it, and the counts are scaled up.</param>
public sealed record PinnedArenas(int Arenas, long Resident, long UsedBytes, long Objects, bool IsSampled, IReadOnlyList<PinningObjects> By)
{
    /// <summary>An arena with less than this in use is nearly empty.</summary>
    public const double NearlyEmpty = 0.25;

    /// <summary>A way to an object costs some microseconds.</summary>
    private const int MostAsked = 20_000;

    /// <summary>The one that pymalloc fills now is no loss.</summary>
    private const int FewestArenas = 2;

    public static PinnedArenas Of(HeldHeap heap, PoolUse pools, bool showsKeys)
    {
        var sparse = pools.Arenas.Where(arena => arena.UsedBytes < NearlyEmpty * (arena.High - arena.Low)).OrderBy(arena => arena.Low).ToList();
        if (sparse.Count < FewestArenas)
            return new PinnedArenas(0, 0, 0, 0, false, []);
        var nodes = NodesIn(heap.Graph, sparse);
        var step = Math.Max(1, nodes.Count / MostAsked);
        var words = new PathWords(heap, showsKeys);
        var groups = new Dictionary<(int Type, string HeldBy), (long Objects, long Bytes, HashSet<int> Arenas)>();
        for (var i = 0; i < nodes.Count; i += step)
        {
            var (node, arena) = nodes[i];
            var key = (heap.Graph.TypeIds[node.Value], words.To(node, isShape: true));
            var group = groups.GetValueOrDefault(key, (0, 0, []));
            group.Arenas.Add(arena);
            groups[key] = (group.Objects + step, group.Bytes + step * heap.Graph.Sizes[node.Value], group.Arenas);
        }
        var by = groups.Select(group => new PinningObjects(
                heap.Graph.Types[new TypeId(group.Key.Type)].QualifiedName, group.Key.HeldBy, group.Value.Objects, group.Value.Bytes, group.Value.Arenas.Count))
            .OrderByDescending(each => each.Arenas).ThenByDescending(each => each.Objects).ThenBy(each => each.Type, StringComparer.Ordinal)
            .ThenBy(each => each.HeldBy, StringComparer.Ordinal)
            .ToList();
        return new PinnedArenas(sparse.Count, sparse.Sum(arena => arena.Resident), sparse.Sum(arena => arena.UsedBytes), nodes.Count, step > 1, by);
    }

    private static List<(NodeId Node, int Arena)> NodesIn(HeapGraph graph, List<ArenaUse> arenas)
    {
        var nodes = new List<(NodeId, int)>();
        for (var arena = 0; arena < arenas.Count; arena++)
        {
            var first = graph.Addresses.Search(arenas[arena].Low);
            for (var node = first < 0 ? ~first : first; node < graph.NodeCount && graph.Addresses[node] < arenas[arena].High; node++)
                nodes.Add((new NodeId(node), arena));
        }
        return nodes;
    }
}
