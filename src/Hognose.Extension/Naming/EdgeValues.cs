using Hognose.Extension.Python;

namespace Hognose.Extension.Naming;

/// <summary>The name of an edge as Python values: a number of <see cref="EdgeName"/>, and an index, a key, a name or None.</summary>
internal static unsafe class EdgeValues
{
    public static PyObject* Key(NamedEdges* edges, PyObject* key) =>
        key != null ? PythonValues.Shared(key) : edges->Index >= 0 ? PythonValues.Number(edges->Index) : PythonValues.Shared(ExtensionModule.Python->None);
}
