using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Graph;

/// <summary>Strongly connected components by Tarjan's algorithm, without recursion: groups of objects that all reach each other.</summary>
internal unsafe struct Components
{
    private ObjectGraph* _graph;

    /// <summary>0: not met; then 1 and up in the order met; <see cref="Garbage.Alive"/>: done, or not to be looked at.</summary>
    private uint* _order;
    private uint* _low;

    /// <summary>The next edge to look at, for a node on the path.</summary>
    private uint* _next;
    private PointerBuffer _path;
    private PointerBuffer _open;
    private uint _met;

    /// <summary>Receives each group that has a cycle: its nodes, as numbers; false ends the search.</summary>
    public delegate*<void*, ObjectGraph*, PyObject**, nuint, bool> Tell;
    public void* Context;

    /// <param name="order">A word for each node: 0, or <see cref="Garbage.Alive"/> for those to leave out. Is overwritten.</param>
    /// <returns>False: no memory left, or stopped.</returns>
    public static bool Find(Components* search, ObjectGraph* graph, uint* order)
    {
        var bytes = (graph->Nodes.Count + 1) * 4;
        search->_graph = graph;
        search->_order = order;
        search->_low = (uint*)PrivateMemory.Pages(bytes);
        search->_next = (uint*)PrivateMemory.Pages(bytes);
        search->_path = search->_open = default;
        search->_met = 0;
        var isWhole = search->_low != null && search->_next != null;
        for (nuint node = 0; node < graph->Nodes.Count && isWhole; node++)
            isWhole = order[node] != 0 || Follow(search, node);
        if (search->_low != null)
            PrivateMemory.GiveBack(search->_low, bytes);
        if (search->_next != null)
            PrivateMemory.GiveBack(search->_next, bytes);
        PointerBuffer.Free(&search->_path);
        PointerBuffer.Free(&search->_open);
        return isWhole;
    }

    private static bool Follow(Components* search, nuint first)
    {
        if (!Enter(search, first))
            return false;
        while (search->_path.Count > 0)
        {
            var node = (nuint)search->_path.Items[search->_path.Count - 1];
            var edge = ObjectGraph.Start(search->_graph, node) + search->_next[node];
            if (edge == ObjectGraph.Start(search->_graph, node + 1))
            {
                if (!Leave(search, node))
                    return false;
                continue;
            }
            search->_next[node]++;
            var target = ObjectGraph.Target(search->_graph, edge);
            if (search->_order[target] == 0)
            {
                if (!Enter(search, target))
                    return false;
            }
            else if (search->_order[target] != Garbage.Alive && search->_order[target] < search->_low[node])
            {
                search->_low[node] = search->_order[target];
            }
        }
        return true;
    }

    private static bool Enter(Components* search, nuint node)
    {
        search->_order[node] = search->_low[node] = ++search->_met;
        return PointerBuffer.Add(&search->_path, (PyObject*)node) && PointerBuffer.Add(&search->_open, (PyObject*)node);
    }

    private static bool Leave(Components* search, nuint node)
    {
        search->_path.Count--;
        if (search->_low[node] != search->_order[node])
        {
            var before = (nuint)search->_path.Items[search->_path.Count - 1];
            if (search->_low[node] < search->_low[before])
                search->_low[before] = search->_low[node];
            return true;
        }
        var begin = search->_open.Count;
        do
            search->_order[(nuint)search->_open.Items[--begin]] = Garbage.Alive;
        while ((nuint)search->_open.Items[begin] != node);
        var count = search->_open.Count - begin;
        search->_open.Count = begin;
        return (count == 1 && !RefersToItself(search->_graph, node)) || search->Tell(search->Context, search->_graph, search->_open.Items + begin, count);
    }

    private static bool RefersToItself(ObjectGraph* graph, nuint node)
    {
        for (var edge = ObjectGraph.Start(graph, node); edge < ObjectGraph.Start(graph, node + 1); edge++)
            if (ObjectGraph.Target(graph, edge) == node)
                return true;
        return false;
    }
}
