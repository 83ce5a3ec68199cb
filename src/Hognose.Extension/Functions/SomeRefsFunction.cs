using Hognose.Agent;
using Hognose.Extension.Naming;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The references that a picture has room for. Keys of dicts that refer to nothing are in the names of the values.</summary>
internal unsafe struct SomeRefsFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "some_refs($module, obj, limit, leave_out, /)\n--\n\n(list of at most so many (kind of name, key, referent), how many there are); without plain keys of dicts and the kinds left out."u8;

    private PyObject* _list;
    private nint _limit;
    private Kind _leftOut;
    private nint _total;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 3)
        {
            python->SetError(python->TypeError, Text.C("some_refs() takes an object and two numbers"u8));
            return null;
        }
        SomeRefsFunction call;
        call._limit = python->LongAsSsize(arguments[1]);
        call._leftOut = (Kind)python->LongAsSsize(arguments[2]);
        call._total = 0;
        if (python->ErrorOccurred() != null)
            return null;
        call._list = python->NewList(0);
        if (call._list == null)
            return null;
        NamedEdges edges;
        edges.Tell = &Add;
        edges.Context = &call;
        if (!NamedEdges.Visit(&edges, arguments[0]))
        {
            python->DecRef(call._list);
            return PythonValues.OutOfMemory();
        }
        var tuple = python->NewTuple(2);
        if (tuple == null)
        {
            python->DecRef(call._list);
            return null;
        }
        var isMade = PythonValues.Put(tuple, 0, call._list) & PythonValues.Put(tuple, 1, PythonValues.Number(call._total));
        return PythonValues.Whole(tuple, isMade);
    }

    private static bool Add(void* context, NamedEdges* edges, EdgeName name, PyObject* key, PyObject* referent)
    {
        var call = (SomeRefsFunction*)context;
        var isInAName = name == EdgeName.Key && !References.HasAny(referent);
        if (isInAName || (KnownTypes.KindOf(referent->Type) & call->_leftOut) != 0)
            return true;
        if (call->_total++ >= call->_limit)
            return true;
        return RefsFunction.Add(call->_list, edges, name, key, referent);
    }
}
