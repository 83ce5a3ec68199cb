using Hognose.Heap;
using Hognose.Heap.Naming;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Waste;

/// <summary>
/// Instances of Python classes (no classes themselves) that keep their attributes in a dict of their own; slots would keep them in the instance, 8 bytes each. From 3.11 on
/// instances have such a dict only once somebody asked for it. Types whose instances vary in size (int, tuple, type …) are passed over: CPython refuses slots of what
/// derives from them ("nonempty __slots__ not supported for subtype of 'int'").
/// </summary>
internal static class InstanceDicts
{
    /// <summary>Of each class so many instances are looked at, evenly spread; the rest is taken to be like them.</summary>
    private const int Sample = 512;

    private const int FewestInstances = 50;
    private const int BytesOfASlot = 8;

    private static readonly string[] Others = ["builtins", "types", "functools", "collections"];

    /// <param name="isEmpty">Dicts that are counted already.</param>
    public static Finds In(HeldHeap heap, ShapesOfWays shapes, bool[] isEmpty)
    {
        var graph = heap.Graph;
        var finds = new Finds(WasteKind.InstanceDicts, isEstimate: true);
        foreach (var instances in InstancesByType(graph))
            if (instances.Count >= FewestInstances)
                AddClass(heap, shapes, instances, isEmpty, finds);
        return finds;
    }

    private static List<int>[] InstancesByType(HeapGraph graph)
    {
        var byType = new List<int>[graph.Types.Count];
        for (var type = 0; type < byType.Length; type++)
            byType[type] = [];
        var isWanted = graph.Types.All.Select(type => type.Module.Length > 0 && !type.IsVariableSize && !Others.Contains(type.Module)).ToArray();
        var classes = graph.Types.All.Select(type => type.Node).ToHashSet();
        for (var node = 0; node < graph.NodeCount; node++)
            if (isWanted[graph.TypeIds[node]] && !classes.Contains(node))
                byType[graph.TypeIds[node]].Add(node);
        return byType;
    }

    private static void AddClass(HeldHeap heap, ShapesOfWays shapes, List<int> instances, bool[] isEmpty, Finds finds)
    {
        var step = Math.Max(1, instances.Count / Sample);
        long looked = 0;
        var found = new List<Find>();
        for (var i = 0; i < instances.Count; i += step, looked++)
        {
            if (DictOf(heap, new NodeId(instances[i])) is not { } dict || isEmpty[dict.Value])
                continue;
            found.Add(new Find(instances[i], 1, heap.Graph.Sizes[dict.Value] - Spare(heap.Graph, dict) - (BytesOfASlot * heap.Names.LengthOf(dict))));
        }
        if (found.TrueForAll(each => each.Saved <= 0))
            return;
        var example = Find.Typical(found, shapes).Node;
        var saved = (long)((double)found.Sum(each => each.Saved) * instances.Count / looked);
        finds.Add(heap.Graph.TypeOf(new NodeId(example)).QualifiedName, example, (long)found.Count * instances.Count / looked, saved);
    }

    /// <summary>What is counted as spare storage is not counted again.</summary>
    private static long Spare(HeapGraph graph, NodeId dict) =>
        graph.UnusedBytes[dict.Value] > graph.Sizes[dict.Value] / 2 ? graph.UnusedBytes[dict.Value] : 0;

    private static NodeId? DictOf(HeldHeap heap, NodeId instance)
    {
        foreach (var edge in heap.Graph.EdgesOf(instance))
        {
            var target = HeapGraph.TargetOf(edge);
            if (HeapGraph.KindOf(edge) != EdgeKind.GcOnly && heap.Graph.TypeOf(target).QualifiedName == "dict"
                && heap.Names.Between(instance, target).Kind == ReferenceKind.Namespace)
                return target;
        }
        return null;
    }
}
