using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Graph;

/// <summary>
/// What nothing outside holds, found as the collector finds it (Python/gc.c: subtract_refs, move_unreachable), but in a copy of the counts:
/// an object that has more references than the graph explains is alive, and so is all that it reaches.
/// </summary>
internal static unsafe class Garbage
{
    public const uint Alive = uint.MaxValue;

    /// <summary>Marks live nodes with <see cref="Alive"/> in an array with a word for each node.</summary>
    /// <param name="roots">A list: it holds each of its objects once, which doesn't count.</param>
    /// <returns>False: no memory left.</returns>
    public static bool MarkAlive(ObjectGraph* graph, PyObject* roots, uint* marks)
    {
        var python = ExtensionModule.Python;
        PointerBuffer alive = default;
        // The numbering begins with the list's objects, in its order, those that can lie on a cycle.
        var listed = (nuint)0;
        for (nint index = 0, end = python->ListSize(roots); index < end; index++)
            if (listed < graph->Nodes.Count && graph->Nodes.Items[listed] == python->ListItem(roots, index))
                listed++;
        var isWhole = true;
        CountInside(graph, marks);
        for (nuint node = 0; node < graph->Nodes.Count && isWhole; node++)
            isWhole = marks[node] + (node < listed ? 1 : 0) >= CountOf(graph->Nodes.Items[node]) || Add(&alive, marks, node);
        for (nuint next = 0; next < alive.Count && isWhole; next++)
        {
            var node = (nuint)alive.Items[next];
            for (var edge = ObjectGraph.Start(graph, node); edge < ObjectGraph.Start(graph, node + 1) && isWhole; edge++)
                isWhole = marks[ObjectGraph.Target(graph, edge)] == Alive || Add(&alive, marks, ObjectGraph.Target(graph, edge));
        }
        for (nuint node = 0; node < graph->Nodes.Count; node++)
            marks[node] = marks[node] == Alive ? Alive : 0;
        PointerBuffer.Free(&alive);
        return isWhole;
    }

    private static void CountInside(ObjectGraph* graph, uint* counts)
    {
        for (nuint edge = 0; edge < graph->Targets.Count; edge++)
            counts[ObjectGraph.Target(graph, edge)]++;
    }

    private static bool Add(PointerBuffer* alive, uint* marks, nuint node)
    {
        marks[node] = Alive;
        return PointerBuffer.Add(alive, (PyObject*)node);
    }

    /// <summary>From 3.14 on the count shares its word with flags, and a function tells it.</summary>
    private static nint CountOf(PyObject* item) =>
        ExtensionModule.Python->ReferenceCount == null ? item->RefCount : ExtensionModule.Python->ReferenceCount(item);
}
