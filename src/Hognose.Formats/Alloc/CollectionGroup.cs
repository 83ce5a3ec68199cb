namespace Hognose.Formats.Alloc;

/// <summary>Collections of one generation that came between two looks at the program: one, or a few that were short.</summary>
/// <param name="Nanoseconds">Since recording began, when they were seen to be over.</param>
/// <param name="Generation">0 the youngest.</param>
/// <param name="Collections">How many.</param>
/// <param name="Collected">Objects freed.</param>
/// <param name="Uncollectable">Objects found and not freed.</param>
/// <param name="PauseNanoseconds">Spent in them.</param>
/// <param name="IsExact">CPython measured the pause itself (3.15); else it is how long the looks met a collection: an estimate, right in the long run.</param>
public readonly record struct CollectionGroup(
    long Nanoseconds, int Generation, long Collections, long Collected, long Uncollectable, long PauseNanoseconds, bool IsExact);
