using System.Runtime.CompilerServices;
using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Graph;

/// <summary>
/// All that can lie on a cycle, as far as given objects reach: numbered in the order met, with the numbers that each refers to. Only what
/// tp_traverse tells, each reference once: this is what the collector counts, too. About 24 bytes an object and 8 a reference.
/// </summary>
internal unsafe struct ObjectGraph
{
    private const nuint FirstSlots = 4096;

    public PointerBuffer Nodes;

    /// <summary>Where each node's targets begin; one more than there are nodes.</summary>
    public PointerBuffer Starts;
    public PointerBuffer Targets;
    private KnownTypes _types;
    private Kind _leftOut;

    /// <summary>No more objects are numbered: a generation is looked through as the collector does, which knows no others.</summary>
    private bool _isClosed;

    /// <summary>Number of a node plus 1, by a hash of its address; 0: free.</summary>
    private uint* _slots;
    private nuint _mask;

    /// <summary>False: no memory left.</summary>
    public static bool Build(ObjectGraph* graph, PyObject* roots, Kind leftOut) => Build(graph, roots, leftOut, false);

    /// <summary>Only the objects of the list, and their references to each other. False: no memory left.</summary>
    public static bool BuildWithin(ObjectGraph* graph, PyObject* roots) => Build(graph, roots, Kind.Other, true);

    private static bool Build(ObjectGraph* graph, PyObject* roots, Kind leftOut, bool isClosed)
    {
        var python = ExtensionModule.Python;
        graph->_leftOut = Kind.Other;
        graph->_slots = (uint*)PrivateMemory.Pages(FirstSlots * 4);
        graph->_mask = FirstSlots - 1;
        if (graph->_slots == null || !KnownTypes.Open(&graph->_types))
            return false;
        for (nint index = 0, end = python->ListSize(roots); index < end; index++)
            if (References.HasAnyTracked(python->ListItem(roots, index)) && Number(graph, python->ListItem(roots, index)) == 0)
                return false;
        graph->_leftOut = leftOut;
        graph->_isClosed = isClosed;
        for (nuint node = 0; node < graph->Nodes.Count; node++)
        {
            var item = graph->Nodes.Items[node];
            if (!PointerBuffer.Add(&graph->Starts, (PyObject*)graph->Targets.Count)
                || item->Type->Traverse(item, (delegate*<PyObject*, ObjectGraph*, int>)&Visit, graph) != 0)
                return false;
        }
        return PointerBuffer.Add(&graph->Starts, (PyObject*)graph->Targets.Count);
    }

    public static void Free(ObjectGraph* graph)
    {
        if (graph->_slots != null)
            PrivateMemory.GiveBack(graph->_slots, (graph->_mask + 1) * 4);
        KnownTypes.Free(&graph->_types);
        PointerBuffer.Free(&graph->Nodes);
        PointerBuffer.Free(&graph->Starts);
        PointerBuffer.Free(&graph->Targets);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Start(ObjectGraph* graph, nuint node) => (nuint)graph->Starts.Items[node];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Target(ObjectGraph* graph, nuint edge) => (nuint)graph->Targets.Items[edge];

    private static int Visit(PyObject* item, ObjectGraph* graph)
    {
        if (!References.HasAnyTracked(item))
            return 0;
        if (graph->_isClosed)
            return *Slot(graph, item) is var known && (known == 0 || PointerBuffer.Add(&graph->Targets, (PyObject*)(nuint)(known - 1))) ? 0 : 1;
        return VisitAny(item, graph);
    }

    private static int VisitAny(PyObject* item, ObjectGraph* graph)
    {
        var known = KnownTypes.Find(&graph->_types, item->Type);
        if (known == null)
            return 1;
        if ((known->Kind & graph->_leftOut) != 0)
            return 0;
        var number = Number(graph, item);
        return number != 0 && PointerBuffer.Add(&graph->Targets, (PyObject*)(nuint)(number - 1)) ? 0 : 1;
    }

    /// <summary>The node's number plus 1; 0: no memory left.</summary>
    private static uint Number(ObjectGraph* graph, PyObject* item)
    {
        var slot = Slot(graph, item);
        if (*slot != 0)
            return *slot;
        if (graph->Nodes.Count * 2 > graph->_mask)
        {
            if (!Grow(graph))
                return 0;
            slot = Slot(graph, item);
        }
        if (!PointerBuffer.Add(&graph->Nodes, item))
            return 0;
        return *slot = (uint)graph->Nodes.Count;
    }

    private static uint* Slot(ObjectGraph* graph, PyObject* item)
    {
        var index = (nuint)((ulong)item * 0x9E37_79B9_7F4A_7C15 >> 24) & graph->_mask;
        while (graph->_slots[index] != 0 && graph->Nodes.Items[graph->_slots[index] - 1] != item)
            index = (index + 1) & graph->_mask;
        return graph->_slots + index;
    }

    private static bool Grow(ObjectGraph* graph)
    {
        var slots = (graph->_mask + 1) * 4;
        var wider = (uint*)PrivateMemory.Pages(slots * 4);
        if (wider == null)
            return false;
        PrivateMemory.GiveBack(graph->_slots, (graph->_mask + 1) * 4);
        graph->_slots = wider;
        graph->_mask = slots - 1;
        for (nuint node = 0; node < graph->Nodes.Count; node++)
            *Slot(graph, graph->Nodes.Items[node]) = (uint)(node + 1);
        return true;
    }
}
