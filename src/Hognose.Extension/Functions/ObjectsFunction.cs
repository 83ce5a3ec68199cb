using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>All objects, each once. The package switches the collector off meanwhile.</summary>
internal static unsafe class ObjectsFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "objects($module, all, ignored, leave_out, /)\n--\n\nA list of all that a list of objects reaches, but for that list and those of a second."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 3 || arguments[0]->Type != python->ListType || arguments[1]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("objects() takes two lists and a number"u8));
            return null;
        }
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.LeftOut = (Kind)python->LongAsSsize(arguments[2]);
        if (python->ErrorOccurred() != null)
            return null;
        var found = python->NewList(0);
        walk.IsOutOfMemory = found == null || !DeepWalk.Open(&walk);
        walk.Tell = &Add;
        walk.Context = found;
        WholeHeap.Walk(&walk, arguments[0], arguments[1]);
        DeepWalk.Close(&walk);
        if (!walk.IsOutOfMemory)
            return found;
        if (found != null)
            python->DecRef(found);
        return PythonValues.OutOfMemory();
    }

    private static bool Add(DeepWalk* walk, PyObject* item, KnownType* known, nint size) =>
        ExtensionModule.Python->AppendToList((PyObject*)walk->Context, item) == 0;
}
