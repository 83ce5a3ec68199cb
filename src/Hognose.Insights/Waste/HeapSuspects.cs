using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>The few most likely causes of a program's memory, the largest first.</summary>
public sealed record HeapSuspects(IReadOnlyList<Suspect> Suspects, long HeldBytes, long AnonymousBytes)
{
    /// <summary>What is named only for its size is such a part of the heap.</summary>
    internal const double LargePart = 0.1;

    /// <summary>What has a remedy by itself.</summary>
    internal const double NotablePart = 0.05;

    /// <param name="heap">Its graph has the columns on contents.</param>
    /// <param name="memory">The kernel's account.</param>
    /// <param name="most">Causes named.</param>
    /// <param name="showsKeys">Whether text keys of dicts are written out.</param>
    /// <param name="resident">Who has which byte, asked for only where objects leave much unexplained; null where that is not known.</param>
    public static HeapSuspects Of(HeldHeap heap, ProcessMemory memory, int most, bool showsKeys, Func<ResidentMemory?>? resident = null)
    {
        var words = new PathWords(heap, showsKeys);
        SuspectFinding[] all =
        [
            .. BigObjects(heap, most, showsKeys), .. SuspectTypes.In(heap, words), .. Calls(heap, words), .. Code(heap, words), .. Garbage(heap), .. Wasted(heap, showsKeys),
            .. SuspectsBeyondObjects.In(heap, memory, words, resident ?? (() => null)),
        ];
        return new HeapSuspects(SuspectFinding.Named(heap, all, most), heap.Dominators.RetainedByRoots, memory.Anonymous);
    }

    private static IEnumerable<SuspectFinding> BigObjects(HeldHeap heap, int most, bool showsKeys)
    {
        // More than these cannot each be so large a part.
        var biggest = BiggestObjects.Of(heap, Math.Min(most, (int)(1 / LargePart)), showsKeys);
        foreach (var each in biggest.Objects)
            if (biggest.ShareOf(each.Retained) >= LargePart && heap.Graph.TryFind(each.Address, out var node))
                yield return new SuspectFinding(
                    new Suspect(
                        SuspectKind.BigObject, each.Retained, biggest.ShareOf(each.Retained), each.Type, each.RetainedObjects,
                        new SeenObject(each.Address, each.Type, each.OwnName, each.Length, each.Shallow, each.Retained), each.HeldBy),
                    [node.Value]);
    }

    private static IEnumerable<SuspectFinding> Calls(HeldHeap heap, PathWords words)
    {
        var held = heap.Dominators.RetainedByRoots;
        return LargeCalls.Of(heap, words, (long)(LargePart * held)).Select(calls => new SuspectFinding(
            new Suspect(SuspectKind.RunningCalls, calls.Retained, (double)calls.Retained / held, calls.Type, calls.Calls, calls.Example, calls.HeldBy) { Function = calls.Function }, calls.Nodes));
    }

    private static IEnumerable<SuspectFinding> Code(HeldHeap heap, PathWords words)
    {
        if (heap.Graph.Surplus.Length == 0)
            yield break;
        var held = heap.Dominators.RetainedByRoots;
        foreach (var type in ReferenceAudit.Of(heap).Types)
            if (type.Alone > 0 && type.Retained >= NotablePart * held && heap.Graph.TryFind(type.Example, out var example))
                yield return new SuspectFinding(
                    new Suspect(
                        SuspectKind.HeldByCode, type.Retained, (double)type.Retained / held, type.Type, type.Objects, SeenObject.Of(heap, example),
                        words.To(example, isShape: false)),
                    type.Nodes);
    }

    /// <summary>What a collection would free, and what it would leave, each by itself.</summary>
    private static IEnumerable<SuspectFinding> Garbage(HeldHeap heap)
    {
        var all = heap.Graph.Sizes.Sum();
        var parts = heap.Unheld.Kept
            .Select(kept => (Kind: kept.Reason == KeptReason.Frozen ? SuspectKind.FrozenGarbage : SuspectKind.UncollectableGarbage, kept.Objects, kept.Bytes))
            .Append((SuspectKind.Garbage, heap.Unheld.Objects, heap.Unheld.Bytes));
        foreach (var (kind, objects, bytes) in parts)
            if (bytes >= NotablePart * all && bytes > 0)
                yield return new SuspectFinding(new Suspect(kind, bytes, (double)bytes / all, Objects: objects), []);
    }

    private static IEnumerable<SuspectFinding> Wasted(HeldHeap heap, bool showsKeys)
    {
        var waste = HeapWaste.Of(heap, showsKeys);
        return waste.Findings
            .Where(finding => waste.ShareOf(finding.Saved) >= NotablePart)
            .Select(finding => new SuspectFinding(
                new Suspect(
                    SuspectKind.Waste, finding.Saved, waste.ShareOf(finding.Saved), finding.Type, finding.Objects, finding.Example, finding.HeldBy, finding.Kind),
                finding.Nodes));
    }
}
