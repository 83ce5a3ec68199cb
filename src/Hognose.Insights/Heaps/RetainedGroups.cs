using Hognose.Heap.Retention;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Heaps;

/// <summary>Retained bytes of groups: a lower bound of each from the dominator tree, and the truth for those that are shown.</summary>
internal static class RetainedGroups
{
    /// <summary>Objects and references gone over for exact figures; about two seconds of CPU.</summary>
    public const long AffordableSteps = 200_000_000;

    public static HeapGroup[] Of(HeldHeap heap, List<HeapGroup> groups, int[] groupOf, HeapSelection selection, int rows)
    {
        var bounds = GroupRetention.AtLeast(heap.Dominators, groupOf, groups.Count);
        var retained = groups.Select((group, i) => group with { Retained = bounds[i], IsRetainedAtLeast = group.Objects > 1 }).ToArray();
        var places = groups.Select((group, i) => (group.Name, i)).ToDictionary(StringComparer.Ordinal);
        var shown = HeapGroups.Ordered(retained, selection).Take(rows).Select(group => places[group.Name]).ToList();
        if ((heap.Graph.NodeCount + heap.Graph.EdgeCount) * shown.Count <= AffordableSteps)
            Parallel.ForEach(shown, group => retained[group] = groups[group] with { Retained = heap.RetainedTogether(groupOf, group) });
        return retained;
    }
}
