using Hognose.Heap;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Why a program may have too much memory.</summary>
public enum SuspectKind
{
    /// <summary>One object keeps a large part alive.</summary>
    BigObject,

    /// <summary>Objects of one class are a large part.</summary>
    ManyOfAType,

    /// <summary>Exceptions that are kept hold the variables of their functions.</summary>
    KeptTracebacks,

    /// <summary>C code holds objects that nothing else refers to.</summary>
    HeldByCode,

    /// <summary>Cycles that no collection has freed yet.</summary>
    Garbage,

    /// <summary>Memory spent for nothing.</summary>
    Waste,

    /// <summary>Memory of the process that no Python object accounts for.</summary>
    BeyondObjects,
}

/// <summary>A likely cause. Sizes are bytes.</summary>
/// <param name="Bytes">That would come back were it removed.</param>
/// <param name="Share">Of all that it is measured against: the heap, or the process's memory.</param>
/// <param name="Type">Of the objects concerned; empty where there are no such.</param>
/// <param name="Objects">How many.</param>
/// <param name="Example">An object to look at; null where there is none.</param>
/// <param name="HeldBy">A shortest way to it.</param>
/// <param name="Waste">Of <see cref="SuspectKind.Waste"/>.</param>
public sealed record Suspect(
    SuspectKind Kind, long Bytes, double Share, string Type = "", long Objects = 0, SeenObject? Example = null, string HeldBy = "", WasteKind? Waste = null);

/// <summary>The few most likely causes of a program's memory, the largest first.</summary>
public sealed record HeapSuspects(IReadOnlyList<Suspect> Suspects, long HeldBytes, long AnonymousBytes)
{
    private const double LargePart = 0.15;
    private const double NotablePart = 0.05;
    private const int Candidates = 3;

    /// <summary>What sizes leave out (values within instances, free blocks of partly used arenas) can be as much as objects are.</summary>
    private const double MostUnexplained = 0.5;

    private const long FewestUnexplained = 32L << 20;
    private const int FewestObjects = 1000;

    /// <param name="heap">Its graph has the columns on contents.</param>
    /// <param name="memory">The kernel's account.</param>
    /// <param name="most">Causes named.</param>
    public static HeapSuspects Of(HeldHeap heap, ProcessMemory memory, int most, bool showsKeys)
    {
        var words = new PathWords(heap, showsKeys);
        var held = heap.Dominators.RetainedByRoots;
        List<Suspect> all = [.. BigObjects(heap, showsKeys), .. Types(heap, held, words), .. Code(heap, held, words), .. Garbage(heap), .. Wasted(heap, showsKeys), .. Beyond(heap, memory)];
        var suspects = all.OrderByDescending(suspect => suspect.Bytes).ThenBy(suspect => suspect.Kind).Take(most).ToList();
        return new HeapSuspects(suspects, held, memory.Anonymous);
    }

    private static IEnumerable<Suspect> BigObjects(HeldHeap heap, bool showsKeys)
    {
        var biggest = BiggestObjects.Of(heap, Candidates, showsKeys);
        return biggest.Objects
            .Where(each => biggest.ShareOf(each.Retained) >= LargePart)
            .Select(each => new Suspect(
                SuspectKind.BigObject, each.Retained, biggest.ShareOf(each.Retained), each.Type, each.RetainedObjects,
                new SeenObject(each.Address, each.Type, each.OwnName, each.Length, each.Shallow, each.Retained), each.HeldBy));
    }

    private static IEnumerable<Suspect> Types(HeldHeap heap, long held, PathWords words)
    {
        foreach (var group in HeapGroups.WithRetained(heap, new HeapSelection(), rows: 0).Groups)
        {
            var share = held == 0 ? 0 : (double)group.Retained!.Value / held;
            var isTraceback = group.Name is "traceback" or "frame";
            // A builtin type is no cause: what holds the objects is.
            var isOwn = group.Name.Contains('.', StringComparison.Ordinal) && group.Objects >= FewestObjects;
            if (isTraceback ? share < NotablePart : !isOwn || share < LargePart)
                continue;
            var example = BiggestOf(heap, group.Name);
            yield return new Suspect(
                isTraceback ? SuspectKind.KeptTracebacks : SuspectKind.ManyOfAType, group.Retained!.Value, share, group.Name, group.Objects,
                SeenObject.Of(heap, example), words.Of(heap.Paths.To(example), isShape: false));
        }
    }

    private static NodeId BiggestOf(HeldHeap heap, string type)
    {
        var wanted = heap.Graph.Types.All.Select(each => each.QualifiedName == type).ToArray();
        var biggest = -1;
        for (var node = 0; node < heap.Graph.NodeCount; node++)
            if (wanted[heap.Graph.TypeIds[node]] && (biggest < 0 || heap.Dominators.RetainedBy(new NodeId(node)) > heap.Dominators.RetainedBy(new NodeId(biggest))))
                biggest = node;
        return new NodeId(biggest);
    }

    private static IEnumerable<Suspect> Code(HeldHeap heap, long held, PathWords words)
    {
        if (heap.Graph.Surplus.Length == 0)
            yield break;
        foreach (var type in ReferenceAudit.Of(heap).Types)
            if (type.Alone > 0 && type.Retained >= NotablePart * held && heap.Graph.TryFind(type.Example, out var example))
                yield return new Suspect(
                    SuspectKind.HeldByCode, type.Retained, (double)type.Retained / held, type.Type, type.Objects, SeenObject.Of(heap, example),
                    words.Of(heap.Paths.To(example), isShape: false));
    }

    private static IEnumerable<Suspect> Garbage(HeldHeap heap)
    {
        var all = heap.Graph.Sizes.Sum();
        var garbage = all - heap.Dominators.RetainedByRoots;
        if (garbage >= NotablePart * all && garbage > 0)
            yield return new Suspect(SuspectKind.Garbage, garbage, (double)garbage / all, Objects: heap.Graph.NodeCount - heap.Dominators.Reached);
    }

    private static IEnumerable<Suspect> Wasted(HeldHeap heap, bool showsKeys)
    {
        var waste = HeapWaste.Of(heap, showsKeys);
        return waste.Findings
            .Where(finding => waste.ShareOf(finding.Saved) >= NotablePart)
            .Select(finding => new Suspect(
                SuspectKind.Waste, finding.Saved, waste.ShareOf(finding.Saved), finding.Type, finding.Objects, finding.Example, finding.HeldBy, finding.Kind));
    }

    private static IEnumerable<Suspect> Beyond(HeldHeap heap, ProcessMemory memory)
    {
        var own = memory.Anonymous + memory.Swapped;
        var unexplained = own - heap.Graph.Sizes.Sum();
        if (unexplained >= FewestUnexplained && unexplained >= MostUnexplained * own)
            yield return new Suspect(SuspectKind.BeyondObjects, unexplained, (double)unexplained / own);
    }
}
