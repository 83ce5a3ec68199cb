using Hognose.Heap;

namespace Hognose.Insights.Holding;

/// <summary>Python's own weak references: they lead to an object and do not hold it.</summary>
internal static class WeakReferences
{
    private const string Module = "weakref.";

    /// <summary>Those that lead to a wanted node.</summary>
    /// <param name="heap">The heap.</param>
    /// <param name="isWanted">Of a node.</param>
    public static List<int> To(HeldHeap heap, Func<int, bool> isWanted)
    {
        var graph = heap.Graph;
        var found = new List<int>();
        var isWeak = Array.ConvertAll([.. graph.Types.All], IsWeak);
        var types = graph.TypeIds;
        for (var node = 0; node < types.Length; node++)
            if (isWeak[types[node]] && heap.Names.WeakTargetOf(new NodeId(node)) is >= 0 and var target && isWanted(target))
                found.Add(node);
        return found;
    }

    /// <summary>Up to 3.8 a reference's type is called "weakref", later "weakref.ReferenceType"; proxies are named likewise.</summary>
    private static bool IsWeak(HeapType type) =>
        type.QualifiedName is "weakref" or "weakproxy" or "weakcallableproxy" or "weakref.KeyedRef" or "weakref.WeakMethod"
        || (type.QualifiedName.StartsWith(Module, StringComparison.Ordinal) && type.Name is "ReferenceType" or "ProxyType" or "CallableProxyType");
}
