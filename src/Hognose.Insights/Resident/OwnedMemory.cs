using Hognose.Heap;
using Hognose.Heap.Resident;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Resident;

/// <summary>
/// Resident memory that objects of a type own beyond their own sizes: what C code allocated for them (a database in memory), and what they map (mmap.mmap).
/// The heap knows nothing of it, so no object retains it.
/// </summary>
/// <param name="Objects">All of the type that something holds.</param>
/// <param name="Mapped">Of the bytes, those of shared mappings.</param>
/// <param name="Example">One of those that are held in the commonest way.</param>
/// <param name="HeldBy">That way.</param>
/// <param name="AreAllHeldSo">There is no other.</param>
public sealed record OwnedMemory(string Type, long Objects, long Bytes, long Mapped, SeenObject Example, string HeldBy, bool AreAllHeldSo)
{
    /// <summary>
    /// Blocks are rounded up and have headers, which of small ones is up to a half of their size: less than this part of a type's memory is no other memory.
    /// </summary>
    private const double LeastPart = 0.5;

    /// <summary>Most of it is mapped, not allocated.</summary>
    public bool IsMapped => Mapped > Bytes / 2;

    /// <summary>A way to an object costs some microseconds.</summary>
    private const int MostAsked = 20_000;

    /// <summary>The most bytes first.</summary>
    /// <param name="least">Bytes; types that own less are left out.</param>
    public static IReadOnlyList<OwnedMemory> Of(ResidentMemory memory, HeldHeap heap, PathWords words, long least)
    {
        var sizes = SizesByType(heap.Graph);
        return [.. memory.Parts
            .Where(part => part.Kind is ResidentKind.Objects or ResidentKind.Buffers or ResidentKind.SharedOfObjects)
            .GroupBy(part => part.Name, StringComparer.Ordinal)
            .Select(parts => (
                Type: parts.Key, All: parts.Sum(part => part.Bytes), Beside: parts.Where(part => part.Kind != ResidentKind.Objects).Sum(part => part.Bytes),
                Mapped: parts.Where(part => part.Kind == ResidentKind.SharedOfObjects).Sum(part => part.Bytes)))
            // Tables of dicts and items of lists are counted by their sizes, and lie beside them.
            .Select(each => (each.Type, each.All, each.Mapped, Bytes: Math.Min(each.Beside, each.All - sizes.GetValueOrDefault(each.Type))))
            .Where(each => each.Bytes >= least && each.Bytes >= LeastPart * each.All)
            .OrderByDescending(each => each.Bytes).ThenBy(each => each.Type, StringComparer.Ordinal)
            .Select(each => Told(heap, words, each.Type, each.Bytes, each.Mapped)).OfType<OwnedMemory>()];
    }

    private static Dictionary<string, long> SizesByType(HeapGraph graph)
    {
        var byType = new long[graph.Types.Count];
        for (var node = 0; node < graph.NodeCount; node++)
            byType[graph.TypeIds[node]] += graph.Sizes[node];
        return byType.Select((bytes, type) => (graph.Types[new TypeId(type)].QualifiedName, bytes)).GroupBy(each => each.QualifiedName, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Sum(each => each.bytes), StringComparer.Ordinal);
    }

    /// <summary>Null where nothing but garbage is of the type.</summary>
    private static OwnedMemory? Told(HeldHeap heap, PathWords words, string type, long bytes, long mapped)
    {
        var nodes = new TypeGroups(heap, name => name == type).NodesOf(type);
        if (nodes.Count == 0)
            return null;
        var shapes = new ShapesOfWays(heap);
        var step = Math.Max(1, nodes.Count / MostAsked);
        List<List<NodeId>> ways = [.. nodes.Where((_, i) => i % step == 0).Select(node => new NodeId(node)).GroupBy(shapes.Of).Select(way => way.ToList())];
        var commonest = ways.MaxBy(way => way.Count)!;
        var chosen = new EvenChoice();
        foreach (var node in commonest)
            chosen.Offer(node);
        return new OwnedMemory(
            type, nodes.Count, bytes, mapped, SeenObject.Of(heap, commonest[0]),
            commonest.Count == 1 ? words.To(commonest[0], isShape: false) : words.ToAll([.. chosen.Chosen.Prepend(commonest[0]).Distinct()]), ways.Count == 1);
    }
}
