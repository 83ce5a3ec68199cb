using Hognose.Agent;
using Hognose.Extension.Frozen;
using Hognose.Extension.Python;

namespace Hognose.Extension.Functions;

/// <summary>A frozen copy of this process for the tool, one at a time; the package sees to that.</summary>
internal static unsafe class FreezeFunctions
{
    public static ReadOnlySpan<byte> FreezeDoc =>
        "freeze($module, to_tool, from_tool, tool, /)\n--\n\nMakes a frozen copy and tells the tool. Returns 0, -1000 when the tool did not answer, or a negative errno."u8;

    public static ReadOnlySpan<byte> ThawDoc => "thaw($module, /)\n--\n\nEnds the copy. False while it is not gone yet: call again."u8;

    public static PyObject* Freeze(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        for (nint i = 0; i < count; i++)
            if ((arguments[i]->Type->Flags & TypeFlags.LongSubclass) == 0)
                count = -1;
        if (count != 3)
        {
            python->SetError(python->TypeError, Text.C("freeze() takes two descriptors and a pid"u8));
            return null;
        }
        var toTool = (int)python->LongAsSsize(arguments[0]);
        var fromTool = (int)python->LongAsSsize(arguments[1]);
        return PythonValues.Number(FrozenCopy.Make(&ExtensionModule.State->Frozen, toTool, fromTool, python->LongAsSsize(arguments[2])));
    }

    public static PyObject* Thaw(PyObject* module, PyObject** arguments, nint count)
    {
        if (count == 0)
            return PythonValues.Number(FrozenCopy.End(&ExtensionModule.State->Frozen) ? 1 : 0);
        ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("thaw() takes no arguments"u8));
        return null;
    }
}
