using Hognose.Agent;
using Hognose.Extension.Graph;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The search behind <c>hognose.cycles</c>. The package switches the collector off meanwhile.</summary>
internal unsafe struct CyclesFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "cycles($module, roots, leave_out, only_garbage, /)\n--\n\nA list of (objects of a group, a shortest cycle from the last object to the first), of all that a list of objects reaches."u8;

    /// <summary>A list; receives a pair for each group.</summary>
    public PyObject* Groups;

    /// <summary>Groups beyond so many are counted only.</summary>
    public nint Most;
    public nint Total;
    private uint* _cameFrom;
    private uint* _isInGroup;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 3 || arguments[0]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("cycles() takes a list, a number and a number"u8));
            return null;
        }
        var leftOut = python->LongAsSsize(arguments[1]);
        var isOnlyGarbage = python->LongAsSsize(arguments[2]);
        if (python->ErrorOccurred() != null)
            return null;
        ObjectGraph graph;
        Libc.memset(&graph, 0, (nuint)sizeof(ObjectGraph));
        CyclesFunction call;
        call.Most = nint.MaxValue;
        call.Total = 0;
        call.Groups = python->NewList(0);
        var isWhole = call.Groups != null && ObjectGraph.Build(&graph, arguments[0], (Kind)leftOut) && Search(&call, &graph, arguments[0], isOnlyGarbage != 0);
        ObjectGraph.Free(&graph);
        if (isWhole)
            return call.Groups;
        if (call.Groups != null)
            python->DecRef(call.Groups);
        return PythonValues.OutOfMemory();
    }

    private static bool Search(CyclesFunction* call, ObjectGraph* graph, PyObject* roots, bool isOnlyGarbage)
    {
        var bytes = (graph->Nodes.Count + 1) * 4;
        var marks = (uint*)PrivateMemory.Pages(bytes);
        if (marks == null)
            return false;
        var isWhole = (!isOnlyGarbage || Garbage.MarkAlive(graph, roots, marks)) && FindGroups(call, graph, marks);
        PrivateMemory.GiveBack(marks, bytes);
        return isWhole;
    }

    /// <param name="marks">As for <see cref="Components.Find"/>; is overwritten.</param>
    /// <returns>False: no memory left.</returns>
    public static bool FindGroups(CyclesFunction* call, ObjectGraph* graph, uint* marks)
    {
        var words = graph->Nodes.Count + 1;
        call->_cameFrom = (uint*)PrivateMemory.Pages(words * 8);
        if (call->_cameFrom == null)
            return false;
        call->_isInGroup = call->_cameFrom + words;
        Components search;
        search.Tell = &AddGroup;
        search.Context = call;
        var isWhole = Components.Find(&search, graph, marks);
        PrivateMemory.GiveBack(call->_cameFrom, words * 8);
        return isWhole;
    }

    private static bool AddGroup(void* context, ObjectGraph* graph, PyObject** group, nuint count)
    {
        var call = (CyclesFunction*)context;
        if (call->Total++ >= call->Most)
            return true;
        PointerBuffer way = default;
        var isFound = ShortestCycle.Find(graph, group, count, call->_cameFrom, call->_isInGroup, &way);
        PyObject* pair = null;
        if (isFound)
        {
            var tuple = ExtensionModule.Python->NewTuple(2);
            var isMade = PythonValues.Put(tuple, 0, Objects(graph, group, count)) & PythonValues.Put(tuple, 1, Objects(graph, way.Items, way.Count));
            pair = PythonValues.Whole(tuple, isMade);
        }
        PointerBuffer.Free(&way);
        return PythonValues.Append(call->Groups, pair);
    }

    private static PyObject* Objects(ObjectGraph* graph, PyObject** numbers, nuint count)
    {
        var list = ExtensionModule.Python->NewList(0);
        for (nuint index = 0; list != null && index < count; index++)
        {
            if (ExtensionModule.Python->AppendToList(list, graph->Nodes.Items[(nuint)numbers[index]]) == 0)
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }
}
