using Hognose.Agent;
using Hognose.Extension.Graph;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;

namespace Hognose.Extension.Functions;

/// <summary>What a collection is about to find, for <c>hognose.gc</c>. The package switches the collector off meanwhile.</summary>
internal unsafe struct GarbageFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "garbage($module, objects, most_groups, /)\n--\n\n(objects looked through, [(type, objects, bytes)] of those that nothing outside the list holds, groups as cycles() gives them, how many groups there are)."u8;

    private CyclesFunction _search;
    private KnownTypes _types;
    private PyObject* _rows;
    private nuint _lookedThrough;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2 || arguments[0]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("garbage() takes a list and a number"u8));
            return null;
        }
        GarbageFunction call;
        Libc.memset(&call, 0, (nuint)sizeof(GarbageFunction));
        call._search.Most = python->LongAsSsize(arguments[1]);
        if (python->ErrorOccurred() != null)
            return null;
        call._search.Groups = python->NewList(0);
        ObjectGraph graph;
        Libc.memset(&graph, 0, (nuint)sizeof(ObjectGraph));
        var isWhole = call._search.Groups != null && KnownTypes.Open(&call._types)
            && ObjectGraph.BuildWithin(&graph, arguments[0]) && Search(&call, &graph, arguments[0]);
        call._lookedThrough = graph.Nodes.Count;
        ObjectGraph.Free(&graph);
        KnownTypes.Free(&call._types);
        return Answer(&call, isWhole);
    }

    private static bool Search(GarbageFunction* call, ObjectGraph* graph, PyObject* roots)
    {
        var bytes = (graph->Nodes.Count + 1) * 4;
        var marks = (uint*)PrivateMemory.Pages(bytes);
        if (marks == null)
            return false;
        var isWhole = Garbage.MarkAlive(graph, roots, marks);
        for (nuint node = 0; node < graph->Nodes.Count && isWhole; node++)
            isWhole = marks[node] == Garbage.Alive || Count(call, graph->Nodes.Items[node]);
        call->_rows = isWhole ? TypeRows.Of(&call->_types) : null;
        isWhole = call->_rows != null && CyclesFunction.FindGroups(&call->_search, graph, marks);
        PrivateMemory.GiveBack(marks, bytes);
        return isWhole;
    }

    private static bool Count(GarbageFunction* call, PyObject* item)
    {
        var known = KnownTypes.Find(&call->_types, item->Type);
        if (known == null)
            return false;
        var size = ShallowSize.Of(item, known);
        known->Objects++;
        known->Bytes += size >= 0 ? size : ShallowSize.Plain(item, known);
        return true;
    }

    /// <summary>Gives up the lists in any case.</summary>
    private static PyObject* Answer(GarbageFunction* call, bool isWhole)
    {
        var python = ExtensionModule.Python;
        PyObject* tuple = null;
        if (isWhole)
        {
            tuple = python->NewTuple(4);
            var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)call->_lookedThrough))
                & PythonValues.Put(tuple, 1, PythonValues.Shared(call->_rows))
                & PythonValues.Put(tuple, 2, PythonValues.Shared(call->_search.Groups))
                & PythonValues.Put(tuple, 3, PythonValues.Number(call->_search.Total));
            tuple = PythonValues.Whole(tuple, isMade);
        }
        if (call->_rows != null)
            python->DecRef(call->_rows);
        if (call->_search.Groups != null)
            python->DecRef(call->_search.Groups);
        return tuple != null ? tuple : PythonValues.OutOfMemory();
    }
}
