using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The memory between several calls of <see cref="MeasureFunction"/>.</summary>
internal static unsafe class SeenFunctions
{
    public static ReadOnlySpan<byte> SeenDoc => "seen($module, /)\n--\n\nA new set of objects that were counted, for measure() and sizes(); it holds addresses only."u8;

    public static ReadOnlySpan<byte> LeaveDoc =>
        "leave($module, seen, objs, only_references, /)\n--\n\nMarks a tuple of objects as counted, or bars references to them."u8;

    public static PyObject* Seen(PyObject* module, PyObject** arguments, nint count)
    {
        if (count == 0)
            return SizingState.NewCapsule();
        ExtensionModule.Python->SetError(ExtensionModule.Python->TypeError, Text.C("seen() takes no arguments"u8));
        return null;
    }

    public static PyObject* Leave(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 3 || arguments[1]->Type != python->TupleType)
        {
            python->SetError(python->TypeError, Text.C("leave() takes a set from seen(), a tuple and a number"u8));
            return null;
        }
        var state = SizingState.Of(arguments[0]);
        var isOnlyReferences = python->LongAsSsize(arguments[2]);
        if (state == null || python->ErrorOccurred() != null)
            return null;
        if (Add(isOnlyReferences != 0 ? &state->Barred : &state->Seen, arguments[1]))
        {
            state->HasBarred |= isOnlyReferences != 0;
            return PythonValues.Shared(python->None);
        }
        return PythonValues.OutOfMemory();
    }

    /// <summary>False: no memory left.</summary>
    public static bool Add(AddressSet* set, PyObject* objects)
    {
        for (nint index = 0, end = ExtensionModule.Python->TupleSize(objects); index < end; index++)
        {
            AddressChunk* chunk;
            AddressSet.Add(set, (nuint)ExtensionModule.Python->TupleItem(objects, index), &chunk);
            if (chunk == null)
                return false;
        }
        return true;
    }
}
