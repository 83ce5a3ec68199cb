using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The walk behind <c>hognose.deepsizeof</c>, which has the keywords and the words.</summary>
internal static unsafe class DeepsizeofFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "deepsizeof($module, objs, leave_out, run_code, /)\n--\n\n(bytes, objects, overridden, failed, working bytes) of all that a tuple of objects holds."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 3 || (arguments[0]->Type->Flags & TypeFlags.TupleSubclass) == 0)
        {
            python->SetError(python->TypeError, Text.C("deepsizeof() takes a tuple of objects, a number and a number"u8));
            return null;
        }
        var leftOut = python->LongAsSsize(arguments[1]);
        var runsCode = python->LongAsSsize(arguments[2]);
        if ((leftOut == -1 || runsCode == -1) && python->ErrorOccurred() != null)
            return null;

        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.LeftOut = (Kind)leftOut;
        walk.Deferred = runsCode == 0 ? null : python->NewList(0);
        PyObject* answer = null;
        if (runsCode == 0 || walk.Deferred != null)
            answer = Walk(&walk, arguments[0]);
        if (walk.Deferred != null)
            python->DecRef(walk.Deferred);
        return answer;
    }

    private static PyObject* Walk(DeepWalk* walk, PyObject* objects)
    {
        var python = ExtensionModule.Python;
        walk->IsOutOfMemory = !DeepWalk.Open(walk);
        for (nint index = 0, end = python->TupleSize(objects); index < end && !walk->IsOutOfMemory; index++)
            DeepWalk.AddGiven(walk, python->TupleItem(objects, index));
        DeepWalk.Run(walk);
        var working = DeepWalk.WorkingBytes(walk);
        DeepWalk.Close(walk);
        if (walk->IsOutOfMemory)
            return python->ErrorOccurred() != null ? null : python->NoMemory();
        return AskOverridden(walk) ? Answer(walk, working) : null;
    }

    /// <summary>Runs code of the program's, so only now that nothing depends on the heap standing still; the list keeps its objects alive.</summary>
    private static bool AskOverridden(DeepWalk* walk)
    {
        var python = ExtensionModule.Python;
        if (walk->Deferred == null)
            return true;
        for (nint index = 0; index < python->ListSize(walk->Deferred); index++)
        {
            var size = (nint)python->SizeOf(python->ListItem(walk->Deferred, index));
            if (size == -1 && python->ErrorOccurred() != null)
                return false;
            walk->Total += size;
        }
        return true;
    }

    private static PyObject* Answer(DeepWalk* walk, nuint working)
    {
        var tuple = ExtensionModule.Python->NewTuple(5);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Number(walk->Total))
            & PythonValues.Put(tuple, 1, PythonValues.Number(walk->Objects))
            & PythonValues.Put(tuple, 2, PythonValues.Number(walk->Overridden))
            & PythonValues.Put(tuple, 3, PythonValues.Number(walk->Failed))
            & PythonValues.Put(tuple, 4, PythonValues.Number((nint)working));
        return PythonValues.Whole(tuple, isMade);
    }
}
