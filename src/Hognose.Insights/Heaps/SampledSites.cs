using Hognose.Formats.Heap;
using Hognose.Heap;
using Hognose.Recording.Replay;

namespace Hognose.Insights.Heaps;

/// <summary>
/// What each line allocated, estimated from the objects that are samples: each counts for as many of its kind as its block stands for
/// (<see cref="SampleWeights"/>). Of all other objects no birth is known, and none is told.
/// </summary>
internal static class SampledSites
{
    public static HeapGroups Of(HeapGraph graph, HeapSelection selection, HeapFileBirths births)
    {
        var keys = new GroupKeys(graph.Types, selection, births);
        var weights = new SampleWeights(births.SampleBytes);
        var sums = new Dictionary<(int Site, int Type), (double Objects, double Bytes)>();
        var samples = 0L;
        foreach (var node in Known(births))
        {
            var (type, size) = (graph.TypeIds[node], graph.Sizes[node]);
            var site = size < selection.MinimumSize ? -1 : keys.Of(node, type, size);
            if (site < 0)
                continue;
            samples++;
            var standsFor = births.Stacks.IsMapping(births.StackOfNode[node]) ? 1 : weights.StandsFor(births.BlockBytesOfNode[node]);
            var (objects, bytes) = sums.GetValueOrDefault((site, type));
            sums[(site, type)] = (objects + standsFor, bytes + (standsFor * size));
        }
        var groups = sums.GroupBy(sum => sum.Key.Site, sum => new TypeAtSite(
            graph.Types[new TypeId(sum.Key.Type)].QualifiedName, (long)Math.Round(sum.Value.Objects), (long)Math.Round(sum.Value.Bytes)));
        return HeapGroups.Whole(graph, selection, groups.Select(group => ToGroup(keys, group.Key, group))) with { Samples = samples };
    }

    private static IEnumerable<int> Known(HeapFileBirths births)
    {
        for (var node = 0; node < births.BlockBytesOfNode.Length; node++)
            if (births.StackOfNode[node] >= 0 && births.BlockBytesOfNode[node] >= 0)
                yield return node;
    }

    private static HeapGroup ToGroup(GroupKeys keys, int site, IEnumerable<TypeAtSite> types)
    {
        var told = TypesAtSites.Told(types);
        return TypesAtSites.With(new HeapGroup(keys.NameOf(site), told.Sum(type => type.Objects), told.Sum(type => type.Bytes)) { Site = keys.SiteOf(site) }, told);
    }
}
