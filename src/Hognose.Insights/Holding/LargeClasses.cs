using Hognose.Heap.Retention;

namespace Hognose.Insights.Holding;

/// <summary>Objects of one class. Bytes are retained by them, at least: what only several of them hold together is left out.</summary>
public sealed record LargeClass(string Type, long Objects, long Retained);

/// <summary>Which classes have very many objects, and what do those keep alive? A builtin type is no cause: what holds its objects is.</summary>
public static class LargeClasses
{
    private const int FewestObjects = 1000;

    /// <summary>The most retained bytes first.</summary>
    public static IReadOnlyList<LargeClass> Of(HeldHeap heap)
    {
        var groups = new TypeGroups(heap, type => type.Contains('.', StringComparison.Ordinal));
        return [.. groups.Names
            .Select((name, i) => new LargeClass(name, groups.Objects[i], groups.Retained[i]))
            .Where(each => each.Objects >= FewestObjects)
            .OrderByDescending(each => each.Retained).ThenBy(each => each.Type, StringComparer.Ordinal)];
    }
}

/// <summary>Objects that a root leads to by the name of their type, with what each group keeps alive at least.</summary>
internal sealed class TypeGroups
{
    private readonly int[] _groupOf;

    /// <param name="heap">The heap.</param>
    /// <param name="isWanted">By a type's qualified name.</param>
    public TypeGroups(HeldHeap heap, Func<string, bool> isWanted)
    {
        var graph = heap.Graph;
        var names = graph.Types.All.Select(type => type.QualifiedName).ToArray();
        Names = [.. names.Distinct(StringComparer.Ordinal).Where(isWanted)];
        var places = Names.Select((name, place) => (name, place)).ToDictionary(each => each.name, each => each.place, StringComparer.Ordinal);
        var groupOfType = Array.ConvertAll(names, name => places.GetValueOrDefault(name, GroupRetention.None));
        Objects = new long[Names.Count];
        _groupOf = new int[graph.NodeCount];
        for (var node = 0; node < _groupOf.Length; node++)
        {
            var group = groupOfType[graph.TypeIds[node]];
            _groupOf[node] = heap.Dominators.IsReached(new Heap.NodeId(node)) ? group : GroupRetention.None;
            if (_groupOf[node] != GroupRetention.None)
                Objects[group]++;
        }
        Retained = GroupRetention.AtLeast(heap.Dominators, _groupOf, Names.Count);
    }

    public IReadOnlyList<string> Names { get; }

    /// <summary>By the place of the name.</summary>
    public long[] Objects { get; }

    /// <summary>Bytes, by the place of the name.</summary>
    public long[] Retained { get; }

    public List<int> NodesOf(string name)
    {
        var group = Names.ToList().IndexOf(name);
        var nodes = new List<int>();
        for (var node = 0; node < _groupOf.Length && group >= 0; node++)
            if (_groupOf[node] == group)
                nodes.Add(node);
        return nodes;
    }
}
