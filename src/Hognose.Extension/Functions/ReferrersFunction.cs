using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

internal static unsafe class ReferrersFunction
{
    public static ReadOnlySpan<byte> Doc => "referrers($module, obj, all, /)\n--\n\nOf all that a list of objects reaches, those that refer to obj."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2 || arguments[1]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("referrers() takes an object and a list"u8));
            return null;
        }
        ReferrerSearch search;
        Libc.memset(&search, 0, (nuint)sizeof(ReferrerSearch));
        search.Held = arguments[0];
        search.Found = python->NewList(0);
        if (search.Found == null || ReferrerSearch.Run(&search, arguments[1]))
            return search.Found;
        python->DecRef(search.Found);
        return PythonValues.OutOfMemory();
    }
}
