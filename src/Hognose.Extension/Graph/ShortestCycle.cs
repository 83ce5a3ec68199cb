using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Graph;

/// <summary>In a group of objects that all reach each other, a shortest way from the first of them back to itself.</summary>
internal static unsafe class ShortestCycle
{
    /// <param name="cameFrom">A zeroed word for each node of the graph; zeroed again on return.</param>
    /// <param name="way">Receives the numbers of the nodes, the last first.</param>
    /// <returns>False: no memory left.</returns>
    public static bool Find(ObjectGraph* graph, PyObject** group, nuint count, uint* cameFrom, uint* isInGroup, PointerBuffer* way)
    {
        PointerBuffer queue = default;
        for (nuint index = 0; index < count; index++)
            isInGroup[(nuint)group[index]] = 1;
        var first = (nuint)group[0];
        var isWhole = PointerBuffer.Add(&queue, (PyObject*)first);
        var isClosed = false;
        for (nuint next = 0; next < queue.Count && isWhole && !isClosed; next++)
        {
            var node = (nuint)queue.Items[next];
            for (var edge = ObjectGraph.Start(graph, node); edge < ObjectGraph.Start(graph, node + 1) && isWhole && !isClosed; edge++)
            {
                var target = ObjectGraph.Target(graph, edge);
                if (isInGroup[target] == 0 || cameFrom[target] != 0)
                    continue;
                cameFrom[target] = (uint)node + 1;
                isClosed = target == first;
                isWhole = isClosed || PointerBuffer.Add(&queue, (PyObject*)target);
            }
        }
        isWhole &= isClosed;
        var at = first;
        while (isWhole && (way->Count == 0 || at != first))
        {
            isWhole = PointerBuffer.Add(way, (PyObject*)at);
            at = cameFrom[at] - 1;
        }
        for (nuint index = 0; index < count; index++)
            isInGroup[(nuint)group[index]] = cameFrom[(nuint)group[index]] = 0;
        PointerBuffer.Free(&queue);
        return isWhole;
    }
}
