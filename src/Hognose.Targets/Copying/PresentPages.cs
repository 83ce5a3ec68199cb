using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>Bytes that follow one another in the target.</summary>
public readonly record struct MemoryPiece(TargetAddress Address, ReadOnlyMemory<byte> Bytes);

/// <summary>For searches in a running process: reads only pages that hold something, so that looking leaves no trace in the target.</summary>
public static class PresentPages
{
    private const int LargestPiece = 4 << 20;

    /// <param name="overlap">Bytes that a piece repeats of the one before it, so that what is sought is never cut in two.</param>
    public static IEnumerable<MemoryPiece> Read(TargetProcess process, IReadOnlyList<Mapping> mappings, int overlap)
    {
        using var pageMap = PageMap.Open(process);
        foreach (var run in pageMap.Find(mappings).SelectMany(runs => runs))
            for (var low = run.Low; low < run.High; low += LargestPiece)
            {
                var start = low == run.Low ? low : low - (ulong)overlap;
                var bytes = new byte[Math.Min(low + LargestPiece, run.High) - start];
                if (process.Memory.TryRead(new TargetAddress(start), bytes))
                    yield return new MemoryPiece(new TargetAddress(start), bytes);
            }
    }
}
