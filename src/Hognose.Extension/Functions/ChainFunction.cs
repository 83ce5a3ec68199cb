using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

internal static unsafe class ChainFunction
{
    public static ReadOnlySpan<byte> Doc => "chain($module, obj, roots, /)\n--\n\nA shortest chain from obj back to one of a list of roots, or None."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2 || arguments[1]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("chain() takes an object and a list"u8));
            return null;
        }
        ChainSearch search;
        Libc.memset(&search, 0, (nuint)sizeof(ChainSearch));
        search.Held = arguments[0];
        var isWhole = ChainSearch.Run(&search, arguments[1]);
        var chain = search.IsFound ? ChainSearch.Chain(&search) : isWhole ? PythonValues.Shared(python->None) : PythonValues.OutOfMemory();
        ChainSearch.Free(&search);
        return chain;
    }
}
