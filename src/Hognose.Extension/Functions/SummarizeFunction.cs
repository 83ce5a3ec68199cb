using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>Totals of the objects of a list, not of what they hold.</summary>
internal static unsafe class SummarizeFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "summarize($module, objs, apart, /)\n--\n\n((type, objects, bytes) of a list of objects, those of them whose type is in a tuple or overrides __sizeof__)."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2 || arguments[0]->Type != python->ListType || arguments[1]->Type != python->TupleType)
        {
            python->SetError(python->TypeError, Text.C("summarize() takes a list and a tuple"u8));
            return null;
        }
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        var apart = python->NewList(0);
        walk.IsOutOfMemory = apart == null || !DeepWalk.Open(&walk) || !WholeHeap.SetApart(&walk.Types, arguments[1]);
        walk.Tell = &SummaryFunction.KeepApart;
        walk.Context = apart;
        for (nint index = 0, end = python->ListSize(arguments[0]); index < end && !walk.IsOutOfMemory; index++)
            DeepWalk.CountAlone(&walk, python->ListItem(arguments[0], index));
        var answer = walk.IsOutOfMemory ? PythonValues.OutOfMemory() : TypeRows.Of(&walk.Types);
        DeepWalk.Close(&walk);
        return PythonValues.Pair(answer, apart);
    }
}
