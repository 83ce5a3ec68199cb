namespace Hognose.Heap;

/// <summary>Objects and shallow bytes of one type.</summary>
public readonly record struct TypeTotal(TypeId Type, long Objects, long Bytes);

/// <summary>One pass over the columns; the question "what is the heap made of" without any edge.</summary>
public static class TypeTotals
{
    /// <summary>One total a type that has instances, the most bytes first, then by id.</summary>
    public static TypeTotal[] Of(HeapGraph graph)
    {
        var objects = new long[graph.Types.Count];
        var bytes = new long[graph.Types.Count];
        var types = graph.TypeIds;
        var sizes = graph.Sizes;
        for (var i = 0; i < types.Length; i++)
        {
            objects[types[i]]++;
            bytes[types[i]] += sizes[i];
        }
        return [.. Enumerable.Range(0, objects.Length)
            .Where(type => objects[type] > 0)
            .Select(type => new TypeTotal(new TypeId(type), objects[type], bytes[type]))
            .OrderByDescending(total => total.Bytes).ThenBy(total => total.Type.Value)];
    }
}
