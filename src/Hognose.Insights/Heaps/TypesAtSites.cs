using Hognose.Heap;

namespace Hognose.Insights.Heaps;

/// <summary>What was allocated at each line: "41,200 dict".</summary>
internal static class TypesAtSites
{
    /// <summary>Of one site; the rest would not be read.</summary>
    private const int Most = 8;

    /// <param name="groups">By site.</param>
    /// <param name="graph">The heap.</param>
    /// <param name="groupOf">By node: the place of its group, or -1.</param>
    public static List<HeapGroup> AddTo(List<HeapGroup> groups, HeapGraph graph, int[] groupOf)
    {
        var sums = new Dictionary<(int Group, int Type), (long Objects, long Bytes)>();
        for (var node = 0; node < groupOf.Length; node++)
        {
            if (groupOf[node] < 0)
                continue;
            var key = (groupOf[node], graph.TypeIds[node]);
            var (objects, bytes) = sums.GetValueOrDefault(key);
            sums[key] = (objects + 1, bytes + graph.Sizes[node]);
        }
        var bySite = sums.ToLookup(sum => sum.Key.Group, sum => new TypeAtSite(graph.Types[new TypeId(sum.Key.Type)].QualifiedName, sum.Value.Objects, sum.Value.Bytes));
        return [.. groups.Select((group, place) => With(group, Told(bySite[place])))];
    }

    /// <summary>Those of one site, the most bytes first. Classes of one name are one type, as in the groups by type.</summary>
    public static List<TypeAtSite> Told(IEnumerable<TypeAtSite> types) =>
    [
        .. types
            .GroupBy(type => type.Type, StringComparer.Ordinal)
            .Select(type => new TypeAtSite(type.Key, type.Sum(one => one.Objects), type.Sum(one => one.Bytes)))
            .OrderByDescending(type => type.Bytes).ThenByDescending(type => type.Objects).ThenBy(type => type.Type, StringComparer.Ordinal),
    ];

    public static HeapGroup With(HeapGroup group, List<TypeAtSite> types) => group with { Types = types.Count, TypesAtSite = [.. types.Take(Most)] };
}
