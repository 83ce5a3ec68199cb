using Hognose.Formats.Alloc;

namespace Hognose.Insights.Collections;

/// <summary>What one generation's collector did in a whole recording.</summary>
/// <param name="LongestNanoseconds">Of what came between two looks, mostly one collection.</param>
/// <param name="IsExact">CPython measured the pauses itself; else they are estimates.</param>
public sealed record GenerationTotal(int Generation, long Collections, long Collected, long Uncollectable, long PauseNanoseconds, long LongestNanoseconds, bool IsExact);

public static class CollectionTotals
{
    /// <summary>By generation, the youngest first.</summary>
    public static IReadOnlyList<GenerationTotal> Of(IReadOnlyList<CollectionGroup> collections) =>
    [
        .. collections.GroupBy(group => group.Generation).OrderBy(each => each.Key).Select(each => new GenerationTotal(
            each.Key,
            each.Sum(group => group.Collections),
            each.Sum(group => group.Collected),
            each.Sum(group => group.Uncollectable),
            each.Sum(group => group.PauseNanoseconds),
            each.Max(group => group.PauseNanoseconds),
            each.All(group => group.IsExact))),
    ];
}
