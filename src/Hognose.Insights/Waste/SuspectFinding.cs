using System.Collections;
using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>A suspect with the objects that it is about.</summary>
/// <param name="Nodes">Whose loss would free it; empty where it is no matter of single objects (garbage, memory beyond objects).</param>
internal sealed record SuspectFinding(Suspect Suspect, IReadOnlyList<int> Nodes)
{
    /// <summary>So much of a cause lies within another, or it is no part of that.</summary>
    private const double Within = 0.9;

    /// <summary>What makes up so much of another cause is the same memory seen otherwise.</summary>
    private const double Same = 0.5;

    /// <summary>The largest first; one that lies within another is folded into it, or told as its part.</summary>
    /// <param name="most">Causes named, those that are folded not counted.</param>
    public static List<Suspect> Named(HeldHeap heap, IEnumerable<SuspectFinding> findings, int most)
    {
        var named = new List<(Suspect Suspect, BitArray Freed)>();
        foreach (var finding in findings.OrderByDescending(each => each.Suspect.Bytes).ThenBy(each => each.Suspect.Kind))
        {
            var freed = finding.Freed(heap);
            var within = named.FindIndex(each => each.Suspect.Kind != SuspectKind.Waste && LiesWithin(heap, freed, each.Freed));
            if (within >= 0 && finding.Suspect.Bytes >= Same * named[within].Suspect.Bytes)
                named[within] = named[within] with { Suspect = named[within].Suspect with { Parts = [.. named[within].Suspect.Parts, finding.Suspect] } };
            else if (named.Count < most)
                named.Add((finding.Suspect with { PartOf = within + 1 }, freed));
        }
        return [.. named.Select(each => each.Suspect)];
    }

    /// <summary>The objects and all that one of them dominates.</summary>
    private BitArray Freed(HeldHeap heap)
    {
        var freed = new BitArray(heap.Graph.NodeCount);
        foreach (var node in Nodes)
            freed[node] = true;
        if (Suspect.Kind == SuspectKind.Waste || Nodes.Count == 0)
            return freed;
        foreach (var node in heap.Dominators.TopDown)
            if (heap.Dominators.DominatorOf(new NodeId(node)) is var above and >= 0 && freed[above])
                freed[node] = true;
        return freed;
    }

    private static bool LiesWithin(HeldHeap heap, BitArray freed, BitArray other)
    {
        long all = 0, common = 0;
        for (var node = 0; node < freed.Length; node++)
        {
            if (!freed[node])
                continue;
            all += heap.Graph.Sizes[node];
            common += other[node] ? heap.Graph.Sizes[node] : 0;
        }
        return all > 0 && common >= Within * all;
    }
}
