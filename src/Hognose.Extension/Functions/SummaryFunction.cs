using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The totals behind <c>hognose.SummaryTracker</c>. The package switches the collector off meanwhile.</summary>
internal static unsafe class SummaryFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "summary($module, all, ignored, apart=None, /)\n--\n\n(type, objects, bytes) of all that a list of objects reaches, but for that list and those of a second. With a tuple of types: (rows, objects of these types)."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count is not (2 or 3) || arguments[0]->Type != python->ListType || arguments[1]->Type != python->ListType || (count == 3 && arguments[2]->Type != python->TupleType))
        {
            python->SetError(python->TypeError, Text.C("summary() takes two lists and perhaps a tuple"u8));
            return null;
        }
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.IsOutOfMemory = !DeepWalk.Open(&walk);
        PyObject* apart = null;
        if (count == 3)
        {
            walk.IsOutOfMemory |= !WholeHeap.SetApart(&walk.Types, arguments[2]) || (apart = python->NewList(0)) == null;
            walk.Tell = &KeepApart;
            walk.Context = apart;
        }
        WholeHeap.Walk(&walk, arguments[0], arguments[1]);
        var answer = walk.IsOutOfMemory ? PythonValues.OutOfMemory() : TypeRows.Of(&walk.Types);
        DeepWalk.Close(&walk);
        return apart == null ? answer : PythonValues.Pair(answer, apart);
    }

    /// <summary>Also a type's objects whose __sizeof__ is written in Python: their sizes are the caller's to ask for.</summary>
    public static bool KeepApart(DeepWalk* walk, PyObject* item, KnownType* known, nint size) =>
        ((known->Kind & Kind.Apart) == 0 && known->Way != SizeWay.Overridden)
        || ExtensionModule.Python->AppendToList((PyObject*)walk->Context, item) == 0;
}
