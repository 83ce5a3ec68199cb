using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

internal static unsafe class SizeofFunction
{
    /// <summary>The first lines of a C function's docstring are its signature.</summary>
    public static ReadOnlySpan<byte> Doc => "sizeof($module, obj, /)\n--\n\nThe shallow size of obj in bytes, equal to sys.getsizeof(obj)."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 1)
        {
            python->SetError(python->TypeError, Text.C("sizeof() takes exactly one argument, the object to measure"u8));
            return null;
        }
        var size = (nint)python->SizeOf(arguments[0]);
        return size == -1 && python->ErrorOccurred() != null ? null : python->LongFromSsize(size);
    }
}
