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
        var bySite = sums.ToLookup(sum => sum.Key.Group, sum => (Name: graph.Types[new TypeId(sum.Key.Type)].QualifiedName, sum.Value));
        return [.. groups.Select((group, place) => Told(group, bySite[place].GroupBy(type => type.Name, type => type.Value, StringComparer.Ordinal)))];
    }

    /// <summary>Classes of one name are one type, as in the groups by type.</summary>
    private static HeapGroup Told(HeapGroup group, IEnumerable<IGrouping<string, (long Objects, long Bytes)>> types)
    {
        var summed = types.Select(type => new TypeAtSite(type.Key, type.Sum(one => one.Objects), type.Sum(one => one.Bytes))).ToList();
        return group with
        {
            Types = summed.Count,
            TypesAtSite = [.. summed.OrderByDescending(type => type.Bytes).ThenByDescending(type => type.Objects).ThenBy(type => type.Type, StringComparer.Ordinal).Take(Most)],
        };
    }
}
