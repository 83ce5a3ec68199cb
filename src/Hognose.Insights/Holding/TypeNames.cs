namespace Hognose.Insights.Holding;

/// <summary>Types by what a user calls them: whole names, or their ends where that leaves no doubt.</summary>
public static class TypeNames
{
    /// <summary>
    /// The whole names of types that <paramref name="name"/> may mean: itself where it is one, else those that end with it after a dot, else those that do so
    /// but for capitals. The latter have objects; in order, each once.
    /// </summary>
    public static IReadOnlyList<string> Meant(HeldHeap heap, string name)
    {
        if (heap.Graph.Types.All.Any(type => type.QualifiedName == name))
            return [name];
        var used = UsedBy(heap);
        var ending = "." + name;
        var exact = used.Where(each => each.EndsWith(ending, StringComparison.Ordinal)).ToList();
        return exact.Count > 0
            ? exact
            : [.. used.Where(each => each.Equals(name, StringComparison.OrdinalIgnoreCase) || each.EndsWith(ending, StringComparison.OrdinalIgnoreCase))];
    }

    private static SortedSet<string> UsedBy(HeldHeap heap)
    {
        var types = heap.Graph.Types;
        var isUsed = new bool[types.Count];
        for (var node = 0; node < heap.Graph.NodeCount; node++)
            isUsed[heap.Graph.TypeIds[node]] = true;
        return new SortedSet<string>(types.All.Where((_, index) => isUsed[index]).Select(type => type.QualifiedName), StringComparer.Ordinal);
    }
}
