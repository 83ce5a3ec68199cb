using Hognose.Formats.Alloc;

namespace Hognose.CPython.Tracing;

/// <summary>What a running tracemalloc knew at the instant of the copy.</summary>
/// <param name="Stacks">Without names of functions, which tracemalloc does not keep.</param>
/// <param name="Bytes">Alive, by stack.</param>
/// <param name="Blocks">Likewise.</param>
/// <param name="Domains">The same by domain, ascending.</param>
/// <param name="FramesKept">The most of each stack; 0: not known.</param>
/// <param name="CutStacks">Distinct stacks that were longer; 0 also where nothing says so (3.8).</param>
/// <param name="PeakBytes">The most that was traced at once; -1: not known.</param>
/// <param name="CountedBytes">What tracemalloc counts itself; -1: not known.</param>
/// <param name="IsTorn">It was changing its tables at that instant: another instant would be better.</param>
public sealed record TracedMemory(
    StackTable Stacks,
    long[] Bytes,
    long[] Blocks,
    IReadOnlyList<TracedDomain> Domains,
    int FramesKept,
    long CutStacks,
    long PeakBytes,
    long CountedBytes,
    bool IsTorn)
{
    public long AllBytes => Domains.Sum(domain => domain.Bytes);

    public long AllBlocks => Domains.Sum(domain => domain.Blocks);
}
