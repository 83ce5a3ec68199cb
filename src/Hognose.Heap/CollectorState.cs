namespace Hognose.Heap;

/// <summary>What one generation's head and statistics say; totals since the interpreter began.</summary>
/// <param name="Threshold">Allocations (generation 0) or younger collections that set off a collection; 0: none.</param>
/// <param name="Count">How many of these there were since the last one.</param>
/// <param name="Collected">Objects.</param>
/// <param name="Uncollectable">Objects.</param>
/// <param name="Seconds">Spent in collections; null before 3.15, which doesn't keep it.</param>
/// <param name="Candidates">Objects looked through; null before 3.15.</param>
public sealed record GenerationState(
    int Threshold, int Count, long Collections, long Collected, long Uncollectable, double? Seconds, long? Candidates)
{
    /// <summary>That are in it; null where the lists were not gone over (a process that runs on).</summary>
    public long? Objects { get; init; }
}

/// <summary>The collector of one interpreter at one moment.</summary>
/// <param name="InterpreterId">0 is the main interpreter.</param>
/// <param name="DebugFlags">As gc.set_debug takes them.</param>
/// <param name="IsCollecting">A collection is under way: figures may be half-way.</param>
/// <param name="IsIncremental">3.14.0 to 3.14.4: two generations of old objects, collected bit by bit.</param>
/// <param name="GarbageObjects">Length of gc.garbage.</param>
/// <param name="TrackedObjects">Null before 3.14, which doesn't count them.</param>
public sealed record CollectorState(
    long InterpreterId,
    bool IsEnabled,
    int DebugFlags,
    bool IsCollecting,
    bool IsIncremental,
    IReadOnlyList<GenerationState> Generations,
    long GarbageObjects,
    int Callbacks,
    long? TrackedObjects)
{
    /// <summary>Objects that gc.freeze() keeps out of every collection; null where the lists were not gone over.</summary>
    public long? FrozenObjects { get; init; }
}
