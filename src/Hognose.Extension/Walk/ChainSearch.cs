using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>Breadth first from roots to one object, so that the first chain found is a shortest.</summary>
internal unsafe struct ChainSearch
{
    public PyObject* Held;
    public bool IsFound;
    private AddressSet _seen;
    private PointerBuffer _queue;

    /// <summary>For each object of the queue the position of the one that led to it; its own for a root.</summary>
    private PointerBuffer _parents;
    private nuint _current;

    /// <summary>False: no memory left.</summary>
    public static bool Run(ChainSearch* search, PyObject* roots)
    {
        var python = ExtensionModule.Python;
        var stop = 0;
        for (nint index = 0, end = python->ListSize(roots); index < end && stop == 0; index++)
        {
            search->_current = search->_queue.Count;
            stop = Visit(python->ListItem(roots, index), search);
        }
        for (search->_current = 0; stop == 0 && search->_current < search->_queue.Count; search->_current++)
        {
            var item = search->_queue.Items[search->_current];
            if (References.HasAny(item))
                stop = References.VisitAll(item, (delegate*<PyObject*, void*, int>)(delegate*<PyObject*, ChainSearch*, int>)&Visit, search);
        }
        return stop == 0 || search->IsFound;
    }

    /// <summary>From the found object back to its root, as a list; null with an error.</summary>
    public static PyObject* Chain(ChainSearch* search)
    {
        var python = ExtensionModule.Python;
        var list = python->NewList(0);
        var at = search->_queue.Count - 1;
        while (list != null)
        {
            if (python->AppendToList(list, search->_queue.Items[at]) != 0)
            {
                python->DecRef(list);
                return null;
            }
            var parent = (nuint)search->_parents.Items[at];
            if (parent == at)
                return list;
            at = parent;
        }
        return null;
    }

    public static void Free(ChainSearch* search)
    {
        AddressSet.Free(&search->_seen);
        PointerBuffer.Free(&search->_queue);
        PointerBuffer.Free(&search->_parents);
    }

    private static int Visit(PyObject* item, ChainSearch* search)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&search->_seen, (nuint)item, &chunk))
            return chunk == null ? 1 : 0;
        if (!PointerBuffer.Add(&search->_parents, (PyObject*)search->_current) || !PointerBuffer.Add(&search->_queue, item))
            return 1;
        search->IsFound = item == search->Held;
        return search->IsFound ? 1 : 0;
    }
}
