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

    private PyObject* _groups;
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
        call._groups = python->NewList(0);
        var isWhole = call._groups != null && ObjectGraph.Build(&graph, arguments[0], (Kind)leftOut) && Search(&call, &graph, arguments[0], isOnlyGarbage != 0);
        ObjectGraph.Free(&graph);
        if (isWhole)
            return call._groups;
        if (call._groups != null)
            python->DecRef(call._groups);
        return PythonValues.OutOfMemory();
    }

    private static bool Search(CyclesFunction* call, ObjectGraph* graph, PyObject* roots, bool isOnlyGarbage)
    {
        var words = graph->Nodes.Count + 1;
        var memory = (uint*)PrivateMemory.Pages(words * 12);
        if (memory == null)
            return false;
        call->_cameFrom = memory + words;
        call->_isInGroup = call->_cameFrom + words;
        Components search;
        search.Tell = &AddGroup;
        search.Context = call;
        var isWhole = (!isOnlyGarbage || Garbage.MarkAlive(graph, roots, memory)) && Components.Find(&search, graph, memory);
        PrivateMemory.GiveBack(memory, words * 12);
        return isWhole;
    }

    private static bool AddGroup(void* context, ObjectGraph* graph, PyObject** group, nuint count)
    {
        var call = (CyclesFunction*)context;
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
        return PythonValues.Append(call->_groups, pair);
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
