using Hognose.Diagnostics;
using Hognose.Targets.Memory;
using Hognose.Targets.Native;

namespace Hognose.Targets.Copying;

/// <summary>
/// Makes our pages ready before the target is stopped: page faults of the destination, not the copying, are what a bulk copy costs
/// (1.1 GB/s into fresh memory, 3 to 9 GB/s into faulted-in memory).
/// </summary>
internal static unsafe class Prefault
{
    private const int AdviceHugePage = 14;

    /// <summary>Linux 5.14; without it the copy takes the faults itself.</summary>
    private const int AdvicePopulateWrite = 23;

    private const ulong HugePage = 2 << 20;

    /// <summary>Runs of present pages are shorter than a huge page, because each arena leaves some pages at its end untouched.</summary>
    private const ulong LargestGap = 256 << 10;

    private const ulong PieceLength = 32 << 20;

    /// <summary>Runs joined over small gaps: what is really going to be committed.</summary>
    public static List<PageRun> Merge(IReadOnlyList<PageRun> runs)
    {
        var merged = new List<PageRun>();
        foreach (var run in runs)
        {
            if (merged.Count > 0 && run.Low - merged[^1].High <= LargestGap)
                merged[^1] = new PageRun(merged[^1].Low, run.High);
            else
                merged.Add(run);
        }
        return merged;
    }

    /// <exception cref="CannotContinueException">Memory ran out.</exception>
    public static void Populate(FrozenMemory memory, IReadOnlyList<PageRun> merged, CancellationToken cancellation)
    {
        foreach (var run in merged)
            if (run.Length >= HugePage && memory.Translate(run.Low, run.Length) is var start && start != null)
                _ = LibC.madvise(start, (nuint)run.Length, AdviceHugePage);
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = BulkReader.Workers };
        Parallel.ForEach(Pieces(merged), options, piece => PopulatePiece(memory, piece));
    }

    private static void PopulatePiece(FrozenMemory memory, PageRun piece)
    {
        var start = memory.Translate(piece.Low, piece.Length);
        if (start == null || LibC.madvise(start, (nuint)piece.Length, AdvicePopulateWrite) == 0 || Errno.Last != Errno.OutOfMemory)
            return;
        throw new CannotContinueException(
            "memory ran out while room for the copy was made", "free memory first; the target was not touched");
    }

    private static IEnumerable<PageRun> Pieces(IReadOnlyList<PageRun> merged)
    {
        foreach (var run in merged)
            for (var low = run.Low; low < run.High; low += PieceLength)
                yield return new PageRun(low, Math.Min(low + PieceLength, run.High));
    }
}
