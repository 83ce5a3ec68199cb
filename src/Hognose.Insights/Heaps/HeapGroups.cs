using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Heaps;

/// <summary>What puts objects into one row.</summary>
public enum HeapGrouping
{
    Type,

    /// <summary>The module of the object's type.</summary>
    Module,

    /// <summary>Shallow size, by powers of two.</summary>
    Size,

    /// <summary>The line of Python that allocated it, where a recording tells.</summary>
    Site,
}

/// <summary>What comes first.</summary>
public enum HeapOrder
{
    Shallow,
    Retained,
    Count,
}

/// <summary>Which objects are counted, and how.</summary>
/// <param name="Types">A pattern with * and ? for the names of types; null for all.</param>
/// <param name="MinimumSize">Objects of fewer bytes are left out.</param>
/// <param name="Order">Null: size classes ascend, others by shallow bytes.</param>
public sealed record HeapSelection(HeapGrouping By = HeapGrouping.Type, HeapOrder? Order = null, string? Types = null, long MinimumSize = 0)
{
    public bool IsAll => Types is null && MinimumSize <= 0;
}

/// <summary>Objects that are counted together. Sizes are bytes.</summary>
/// <param name="Name">Of the type or module; of a size class its largest size in bytes.</param>
/// <param name="Retained">What they keep alive together; null when that was not asked for.</param>
/// <param name="IsRetainedAtLeast">What only several of them hold together is left out: working that out takes a walk of the heap for each group.</param>
/// <param name="Types">Type objects among their types; more than 1 of one name where a class statement ran several times.</param>
/// <param name="IsEstimate">The bytes are a lower bound: what a type allocates beside its instances is unknown.</param>
public sealed record HeapGroup(string Name, long Objects, long Bytes, int Types = 1, bool IsEstimate = false, long? Retained = null, bool IsRetainedAtLeast = false)
{
    /// <summary>Of a site: the line that allocated; null where no line of Python did, or none is known.</summary>
    public SourceFrame? Site { get; init; }

    /// <summary>Of a site: what was allocated there, the most bytes first; the largest few.</summary>
    public IReadOnlyList<TypeAtSite> TypesAtSite { get; init; } = [];
}

/// <summary>Objects of one type that one line allocated. <see cref="Bytes"/> are shallow.</summary>
public sealed record TypeAtSite(string Type, long Objects, long Bytes);

/// <summary>What is a heap made of: objects, shallow and retained bytes by type, module or size.</summary>
/// <param name="Objects">Of all groups.</param>
/// <param name="AllObjects">Of the whole heap.</param>
public sealed record HeapGroups(
    HeapSelection Selection, IReadOnlyList<HeapGroup> Groups, long Objects, long Bytes, long AllObjects, long AllBytes, long References, int AllTypes)
{
    /// <summary>Groups are estimated from so many objects whose birth is known; 0: all were counted.</summary>
    public long Samples { get; init; }

    /// <summary>Counts; retained bytes are left out.</summary>
    /// <param name="births">For <see cref="HeapGrouping.Site"/>.</param>
    public static HeapGroups Of(HeapGraph graph, HeapSelection selection, HeapFileBirths? births = null)
    {
        if (births is { SampleBytes: > 0 } && selection.By == HeapGrouping.Site)
            return SampledSites.Of(graph, selection, births);
        var (groups, _) = Counted(graph, selection, births);
        return Whole(graph, selection, groups);
    }

    /// <param name="rows">For so many groups retained bytes are exact where that is affordable; others have a lower bound.</param>
    public static HeapGroups WithRetained(HeldHeap heap, HeapSelection selection, int rows)
    {
        var (groups, groupOf) = Counted(heap.Graph, selection, heap.Births);
        return Whole(heap.Graph, selection, RetainedGroups.Of(heap, groups, groupOf, selection, rows));
    }

    public double ShareOfBytes(long bytes) => AllBytes == 0 ? 0 : (double)bytes / AllBytes;

    public double ShareOfObjects(long objects) => AllObjects == 0 ? 0 : (double)objects / AllObjects;

    internal static IEnumerable<HeapGroup> Ordered(IEnumerable<HeapGroup> groups, HeapSelection selection) => selection switch
    {
        { Order: HeapOrder.Retained } => groups.OrderByDescending(group => group.Retained ?? 0).ThenByDescending(group => group.Bytes).ThenBy(group => group.Name, StringComparer.Ordinal),
        { Order: HeapOrder.Count } => groups.OrderByDescending(group => group.Objects).ThenByDescending(group => group.Bytes).ThenBy(group => group.Name, StringComparer.Ordinal),
        { Order: null, By: HeapGrouping.Size } => groups.OrderBy(group => group.Name.Length).ThenBy(group => group.Name, StringComparer.Ordinal),
        _ => groups.OrderByDescending(group => group.Bytes).ThenByDescending(group => group.Objects).ThenBy(group => group.Name, StringComparer.Ordinal),
    };

    internal static HeapGroups Whole(HeapGraph graph, HeapSelection selection, IEnumerable<HeapGroup> groups)
    {
        var ordered = Ordered(groups, selection).ToList();
        return new HeapGroups(
            selection, ordered, ordered.Sum(group => group.Objects), ordered.Sum(group => group.Bytes), graph.NodeCount, graph.Sizes.Sum(), graph.EdgeCount,
            NamesOfTypes(graph));
    }

    private static int NamesOfTypes(HeapGraph graph)
    {
        var hasObjects = new bool[graph.Types.Count];
        foreach (var type in graph.TypeIds)
            hasObjects[type] = true;
        return graph.Types.All.Where((_, type) => hasObjects[type]).Select(type => type.QualifiedName).Distinct(StringComparer.Ordinal).Count();
    }

    /// <summary>The groups in no order, and by node the place of its group among them, or -1.</summary>
    private static (List<HeapGroup> Groups, int[] GroupOf) Counted(HeapGraph graph, HeapSelection selection, HeapFileBirths? births)
    {
        var keys = new GroupKeys(graph.Types, selection, births);
        var groupOf = GC.AllocateUninitializedArray<int>(graph.NodeCount);
        var objects = new long[keys.Count];
        var bytes = new long[keys.Count];
        var hasType = new bool[graph.Types.Count];
        for (var node = 0; node < groupOf.Length; node++)
        {
            var size = graph.Sizes[node];
            var group = groupOf[node] = size < selection.MinimumSize ? -1 : keys.Of(node, graph.TypeIds[node], size);
            if (group < 0)
                continue;
            objects[group]++;
            bytes[group] += size;
            hasType[graph.TypeIds[node]] = true;
        }
        var groups = Compact(graph.Types, keys, groupOf, objects, bytes, hasType);
        return (selection.By == HeapGrouping.Site ? TypesAtSites.AddTo(groups, graph, groupOf) : groups, groupOf);
    }

    private static List<HeapGroup> Compact(TypeTable types, GroupKeys keys, int[] groupOf, long[] objects, long[] bytes, bool[] hasType)
    {
        var counts = new int[objects.Length];
        var isEstimate = new bool[objects.Length];
        for (var type = 0; type < types.Count; type++)
            if (hasType[type] && keys.OfType(type) is var group and >= 0)
            {
                counts[group]++;
                isEstimate[group] |= types[new TypeId(type)].Size == SizeCertainty.Estimate;
            }
        var places = new int[objects.Length];
        var groups = new List<HeapGroup>();
        for (var group = 0; group < objects.Length; group++)
        {
            places[group] = groups.Count;
            if (objects[group] > 0)
                groups.Add(new HeapGroup(keys.NameOf(group), objects[group], bytes[group], counts[group], isEstimate[group]) { Site = keys.SiteOf(group) });
        }
        for (var node = 0; node < groupOf.Length; node++)
            if (groupOf[node] >= 0)
                groupOf[node] = places[groupOf[node]];
        return groups;
    }
}
