using Hognose.CPython.Layouts;
using Hognose.Heap;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Resident;

/// <summary>
/// Whose shared memory is: an object with a word that leads to where a mapping begins has it (mmap.mmap does). Views and arrays over it lead there, too, and to
/// that object, which is how they are told from it.
/// </summary>
internal static unsafe class SharedOwners
{
    private const int WordBytes = 8;

    /// <summary>By where the mapping begins, the name of the type.</summary>
    public static Dictionary<ulong, string> Of(
        FrozenMemory memory, IReadOnlyList<MemoryRegion> regions, CPythonLayout layout, HeapGraph graph, CancellationToken cancellation)
    {
        var found = regions.Where(region => region.Kind == RegionKind.Shared).ToDictionary(region => region.Low.Value, _ => new List<int>());
        if (found.Count == 0)
            return [];
        ulong first = found.Keys.Min(), last = found.Keys.Max();
        var parts = new PointerParts(memory, layout, graph);
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var address = graph.Addresses[node];
            var bytes = parts.BytesOf(address, graph.TypeIds[node]) & ~(ulong)(WordBytes - 1);
            var at = (ulong*)memory.Translate(address, bytes);
            if (at == null)
                continue;
            for (var end = at + bytes / WordBytes; at < end; at++)
                if (*at >= first && *at <= last && found.TryGetValue(*at, out var nodes) && (nodes.Count == 0 || nodes[^1] != node))
                    nodes.Add(node);
        }
        return found.Where(each => each.Value.Count > 0).ToDictionary(each => each.Key, each => graph.TypeOf(OwnerOf(graph, each.Value)).QualifiedName);
    }

    private static NodeId OwnerOf(HeapGraph graph, List<int> nodes)
    {
        var others = nodes.ToHashSet();
        foreach (var node in nodes)
        {
            var leadsToAnother = false;
            foreach (var edge in graph.EdgesOf(new NodeId(node)))
                leadsToAnother |= HeapGraph.TargetOf(edge).Value != node && others.Contains(HeapGraph.TargetOf(edge).Value);
            if (!leadsToAnother)
                return new NodeId(node);
        }
        return new NodeId(nodes[0]);
    }
}
