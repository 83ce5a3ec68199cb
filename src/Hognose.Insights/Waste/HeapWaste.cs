using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>
/// Memory that a program spends for nothing, by kind and type, the largest saving first. No byte is counted in two findings. Garbage is left out: a
/// collection frees it.
/// </summary>
public sealed record HeapWaste(IReadOnlyList<WasteFinding> Findings, long HeldBytes)
{
    public long Saved => Findings.Sum(finding => finding.Saved);

    public double ShareOf(long bytes) => HeldBytes == 0 ? 0 : (double)bytes / HeldBytes;

    /// <param name="heap">Its graph has the columns on contents.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    public static HeapWaste Of(HeldHeap heap, bool showsKeys)
    {
        var words = new PathWords(heap, showsKeys);
        var shapes = new ShapesOfWays(heap);
        var isTold = new bool[heap.Graph.NodeCount];
        Finds[] finds =
        [
            Containers.Empty(heap, isTold),
            PinnedBuffers.In(heap, isTold),
            Containers.Spare(heap, isTold),
            InstanceDicts.In(heap, shapes, isTold),
            EqualContents.In(heap, isTold),
            NumberObjects.In(heap),
        ];
        return new HeapWaste(
            [.. finds.SelectMany(each => each.Told(heap, shapes, words))
                .OrderByDescending(finding => finding.Saved).ThenBy(finding => finding.Type, StringComparer.Ordinal).ThenBy(finding => finding.Kind)],
            heap.Dominators.RetainedByRoots);
    }
}
