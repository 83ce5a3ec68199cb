using Hognose.Agent;
using Hognose.Extension.Naming;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

internal static unsafe class RefsFunction
{
    public static ReadOnlySpan<byte> Doc => "refs($module, obj, /)\n--\n\nA list of (kind of name, key, referent)."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 1)
        {
            python->SetError(python->TypeError, Text.C("refs() takes exactly one argument, the object"u8));
            return null;
        }
        var list = python->NewList(0);
        if (list == null)
            return null;
        NamedEdges edges;
        edges.Tell = &Add;
        edges.Context = list;
        if (NamedEdges.Visit(&edges, arguments[0]))
            return list;
        python->DecRef(list);
        return PythonValues.OutOfMemory();
    }

    /// <summary>Appends one reference to a list; false with Python's error set.</summary>
    public static bool Add(void* list, NamedEdges* edges, EdgeName name, PyObject* key, PyObject* referent)
    {
        var tuple = ExtensionModule.Python->NewTuple(3);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)name))
            & PythonValues.Put(tuple, 1, EdgeValues.Key(edges, key))
            & PythonValues.Put(tuple, 2, PythonValues.Shared(referent));
        return PythonValues.Append((PyObject*)list, PythonValues.Whole(tuple, isMade));
    }
}
