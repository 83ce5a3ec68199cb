using Hognose.Heap;

namespace Hognose.Insights.Heaps;

/// <summary>All instances of the types of one name.</summary>
/// <param name="TypeObjects">More than 1 where a class statement ran several times, each time making another class of that name.</param>
/// <param name="IsEstimate">The bytes are a lower bound: what a type allocates beside its instances is unknown.</param>
public sealed record TypeShare(string Name, long Objects, long Bytes, int TypeObjects, bool IsEstimate);

/// <summary>What is a heap made of: objects and shallow bytes by type, the most bytes first.</summary>
public sealed record HeapByType(IReadOnlyList<TypeShare> Types, long Objects, long Bytes, long References)
{
    public static HeapByType Of(HeapGraph graph)
    {
        var shares = TypeTotals.Of(graph)
            .GroupBy(total => graph.Types[total.Type].QualifiedName, StringComparer.Ordinal)
            .Select(group => ShareOf(group.Key, [.. group], graph.Types))
            .OrderByDescending(share => share.Bytes).ThenByDescending(share => share.Objects).ThenBy(share => share.Name, StringComparer.Ordinal)
            .ToList();
        return new HeapByType(shares, shares.Sum(share => share.Objects), shares.Sum(share => share.Bytes), graph.EdgeCount);
    }

    public double ShareOfBytes(long bytes) => Bytes == 0 ? 0 : (double)bytes / Bytes;

    public double ShareOfObjects(long objects) => Objects == 0 ? 0 : (double)objects / Objects;

    private static TypeShare ShareOf(string name, TypeTotal[] totals, TypeTable types) => new(
        name,
        totals.Sum(total => total.Objects),
        totals.Sum(total => total.Bytes),
        totals.Length,
        totals.Any(total => types[total.Type].Size == SizeCertainty.Estimate));
}
