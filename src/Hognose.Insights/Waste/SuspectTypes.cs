using Hognose.Heap;
using Hognose.Heap.Retention;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>Which types' objects together keep a large part alive? Classes of the program, and what keeps variables of functions that are over or wait.</summary>
internal static class SuspectTypes
{
    /// <summary>Names of so many functions are read, evenly chosen.</summary>
    private const int NamesRead = 512;

    private static readonly string[] Suspended = ["generator", "coroutine", "async_generator"];

    public static IEnumerable<SuspectFinding> In(HeldHeap heap, PathWords words)
    {
        var shapes = new ShapesOfWays(heap);
        var groups = new TypeGroups(heap, type => type == "traceback" || Suspended.Contains(type));
        for (var i = 0; i < groups.Names.Count; i++)
        {
            var isTraceback = groups.Names[i] == "traceback";
            if (IsPart(heap, groups.Retained[i], isTraceback ? HeapSuspects.NotablePart : HeapSuspects.LargePart) && (isTraceback || groups.Objects[i] > 1))
                yield return isTraceback
                    ? Finding(heap, shapes, words, SuspectKind.KeptTracebacks, groups.Names[i], groups.Retained[i], groups.NodesOf(groups.Names[i]))
                    : OfFunctions(heap, Finding(heap, shapes, words, SuspectKind.SuspendedFunctions, groups.Names[i], groups.Retained[i], groups.NodesOf(groups.Names[i])));
        }
        if (KeptFrames(heap) is { Count: > 0 } frames && RetainedBy(heap, frames) is var kept && IsPart(heap, kept, HeapSuspects.NotablePart))
            yield return Finding(heap, shapes, words, SuspectKind.KeptFrames, "frame", kept, frames);
        foreach (var large in LargeClasses.Of(heap))
            if (IsPart(heap, large.Retained, HeapSuspects.LargePart))
                yield return Finding(heap, shapes, words, SuspectKind.ManyOfAType, large.Type, large.Retained, new TypeGroups(heap, type => type == large.Type).NodesOf(large.Type));
    }

    private static bool IsPart(HeldHeap heap, long bytes, double part) => bytes > 0 && bytes >= part * heap.Dominators.RetainedByRoots;

    private static SuspectFinding Finding(HeldHeap heap, ShapesOfWays shapes, PathWords words, SuspectKind kind, string type, long retained, List<int> nodes)
    {
        var example = new NodeId(Find.Typical([.. nodes.Select(node => new Find(node, 1, heap.Dominators.RetainedBy(new NodeId(node))))], shapes).Node);
        return new SuspectFinding(
            new Suspect(kind, retained, (double)retained / heap.Dominators.RetainedByRoots, type, nodes.Count, SeenObject.Of(heap, example), words.To(example, isShape: false)), nodes);
    }

    /// <summary>With the function that most of them are of.</summary>
    private static SuspectFinding OfFunctions(HeldHeap heap, SuspectFinding finding)
    {
        var step = Math.Max(1, finding.Nodes.Count / NamesRead);
        var byName = finding.Nodes.Where((_, i) => i % step == 0).CountBy(node => heap.Names.OwnNameOf(new NodeId(node))).ToList();
        var (name, _) = byName.OrderByDescending(each => each.Value).ThenBy(each => each.Key, StringComparer.Ordinal).First();
        return finding with { Suspect = finding.Suspect with { Function = name, AreAllOfFunction = byName.Count == 1 } };
    }

    /// <summary>
    /// Frames that an object of the program refers to. A traceback's are its own matter; up to 3.10 a generator has a frame object too, and so has each call under way,
    /// which refer to each other by f_back.
    /// </summary>
    private static List<int> KeptFrames(HeldHeap heap)
    {
        var graph = heap.Graph;
        var isFrame = graph.Types.All.Select(type => type.QualifiedName == "frame").ToArray();
        var isOther = graph.Types.All.Select(type => type.QualifiedName is not ("frame" or "traceback") && !Suspended.Contains(type.QualifiedName)).ToArray();
        var kept = new HashSet<int>();
        if (Array.IndexOf(isFrame, true) < 0)
            return [];
        for (var node = 0; node < graph.NodeCount; node++)
            if (isOther[graph.TypeIds[node]] && heap.Dominators.IsReached(new NodeId(node)))
                foreach (var edge in graph.EdgesOf(new NodeId(node)))
                    if (isFrame[graph.TypeIds[HeapGraph.TargetOf(edge).Value]] && HeapGraph.KindOf(edge) != EdgeKind.GcOnly)
                        kept.Add(HeapGraph.TargetOf(edge).Value);
        return [.. kept.Order()];
    }

    private static long RetainedBy(HeldHeap heap, List<int> nodes)
    {
        var groupOf = new int[heap.Graph.NodeCount];
        Array.Fill(groupOf, GroupRetention.None);
        foreach (var node in nodes)
            groupOf[node] = 0;
        return GroupRetention.AtLeast(heap.Dominators, groupOf, 1)[0];
    }
}
