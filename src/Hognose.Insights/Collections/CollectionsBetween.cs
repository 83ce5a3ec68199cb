using Hognose.Heap;

namespace Hognose.Insights.Collections;

/// <summary>What one generation's collector did between two readings.</summary>
/// <param name="Seconds">Spent in collections; null before 3.15.</param>
public sealed record GenerationWork(long InterpreterId, int Generation, long Collections, long Collected, long Uncollectable, double? Seconds);

/// <summary>The collections that came between two readings.</summary>
public static class CollectionsBetween
{
    /// <summary>Generations that were collected meanwhile, in the order of interpreters. A new interpreter's count from its beginning.</summary>
    public static IReadOnlyList<GenerationWork> Of(CollectorReading before, CollectorReading after) =>
        [.. after.Interpreters.SelectMany(now => OfOne(before.Interpreters.FirstOrDefault(then => then.InterpreterId == now.InterpreterId), now))];

    private static IEnumerable<GenerationWork> OfOne(CollectorState? before, CollectorState after)
    {
        for (var generation = 0; generation < after.Generations.Count; generation++)
        {
            var now = after.Generations[generation];
            var then = before?.Generations[generation];
            var collections = now.Collections - (then?.Collections ?? 0);
            if (collections > 0)
                yield return new GenerationWork(
                    after.InterpreterId,
                    generation,
                    collections,
                    now.Collected - (then?.Collected ?? 0),
                    now.Uncollectable - (then?.Uncollectable ?? 0),
                    now.Seconds - (then?.Seconds ?? 0));
        }
    }
}
