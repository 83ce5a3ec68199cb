using Hognose.Agent;
using Hognose.Extension.Naming;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

internal static unsafe class EdgeFunction
{
    public static ReadOnlySpan<byte> Doc => "edge($module, holder, held, /)\n--\n\n(kind of name, key) of the first reference from one object to another, or None."u8;

    private struct Search
    {
        public PyObject* Held;
        public PyObject* Found;
        public bool IsFound;
    }

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2)
        {
            python->SetError(python->TypeError, Text.C("edge() takes exactly two arguments"u8));
            return null;
        }
        Search search;
        search.Held = arguments[1];
        search.Found = null;
        search.IsFound = false;
        NamedEdges edges;
        edges.Tell = &Compare;
        edges.Context = &search;
        var isSearchedToTheEnd = NamedEdges.Visit(&edges, arguments[0]);
        if (search.IsFound)
            return search.Found;
        return isSearchedToTheEnd ? PythonValues.Shared(python->None) : PythonValues.OutOfMemory();
    }

    private static bool Compare(void* context, NamedEdges* edges, EdgeName name, PyObject* key, PyObject* referent)
    {
        var search = (Search*)context;
        if (referent != search->Held)
            return true;
        var tuple = ExtensionModule.Python->NewTuple(2);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number((nint)name))
            & PythonValues.Put(tuple, 1, EdgeValues.Key(edges, key));
        search->IsFound = true;
        search->Found = PythonValues.Whole(tuple, isMade);
        return false;
    }
}
