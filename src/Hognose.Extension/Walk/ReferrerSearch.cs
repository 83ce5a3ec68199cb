using Hognose.Extension.Python;

namespace Hognose.Extension.Walk;

/// <summary>Goes through everything that given objects reach, and keeps those that refer to one of them directly.</summary>
internal unsafe struct ReferrerSearch
{
    public PyObject* Held;

    /// <summary>A list, which takes references of its own.</summary>
    public PyObject* Found;
    public bool IsStopped;
    private PyObject* _current;
    private PyObject* _lastFound;
    private AddressSet _seen;
    private PendingObjects _pending;

    /// <param name="all">A list; it doesn't count as a referrer itself.</param>
    public static bool Run(ReferrerSearch* search, PyObject* all)
    {
        var python = ExtensionModule.Python;
        search->IsStopped = !PendingObjects.Open(&search->_pending);
        AddressChunk* chunk;
        search->IsStopped |= !AddressSet.Add(&search->_seen, (nuint)all, &chunk);
        for (nint index = 0, end = python->ListSize(all); index < end && !search->IsStopped; index++)
        {
            search->IsStopped = !Meet(search, python->ListItem(all, index));
            while (!search->IsStopped && PendingObjects.Pop(&search->_pending, &search->_seen) is var item && item != null)
            {
                search->_current = item;
                search->IsStopped = References.VisitAll(item, (delegate*<PyObject*, void*, int>)(delegate*<PyObject*, ReferrerSearch*, int>)&Visit, search) != 0;
            }
        }
        AddressSet.Free(&search->_seen);
        PendingObjects.Free(&search->_pending);
        return !search->IsStopped;
    }

    private static int Visit(PyObject* item, ReferrerSearch* search)
    {
        if (item == search->Held && search->_current != search->_lastFound)
        {
            search->_lastFound = search->_current;
            if (ExtensionModule.Python->AppendToList(search->Found, search->_current) != 0)
                return 1;
        }
        return Meet(search, item) ? 0 : 1;
    }

    private static bool Meet(ReferrerSearch* search, PyObject* item)
    {
        AddressChunk* chunk;
        if (!AddressSet.Add(&search->_seen, (nuint)item, &chunk))
            return chunk != null;
        // The list of results comes into being during the search and holds what it found.
        return item == search->Found || !References.HasAny(item) || PendingObjects.Push(&search->_pending, item, chunk);
    }
}
