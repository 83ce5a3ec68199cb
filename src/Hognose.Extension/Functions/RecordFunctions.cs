using Hognose.Agent;
using Hognose.Agent.Start;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

/// <summary>
/// What <c>hognose.record</c> asks for. The agent's code is in this library, too, with data of its own: a program under <c>hognose run</c> may
/// record a part of itself besides.
/// </summary>
internal static unsafe class RecordFunctions
{
    public static ReadOnlySpan<byte> BeginDoc =>
        "record_begin($module, descriptor, nonce, /)\n--\n\nHooks on, into the region that the tool made. Returns 0, or the number of what went wrong."u8;

    public static ReadOnlySpan<byte> EndDoc => "record_end($module, /)\n--\n\nHooks off; the tool sees it."u8;

    public static PyObject* Begin(PyObject* module, PyObject** arguments, nint count)
    {
        if (count != 2 || (arguments[0]->Type->Flags & TypeFlags.LongSubclass) == 0 || (arguments[1]->Type->Flags & TypeFlags.LongSubclass) == 0)
        {
            ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("record_begin() takes a descriptor and a number"u8));
            return null;
        }
        var descriptor = (int)ExtensionModule.Python->LongAsSsize(arguments[0]);
        var nonce = (ulong)ExtensionModule.Python->LongAsSsize(arguments[1]);
        return PythonValues.Number((nint)Joining.Begin(Hognose.Agent.Agent.State, descriptor, nonce));
    }

    public static PyObject* End(PyObject* module, PyObject** arguments, nint count)
    {
        Joining.End(Hognose.Agent.Agent.State);
        return PythonValues.Shared(ExtensionModule.Python->None);
    }
}
