using Hognose.Agent;
using Hognose.Extension.Python;
using Hognose.Extension.Sizes;
using Hognose.Extension.Walk;

namespace Hognose.Extension.Functions;

/// <summary>The totals behind <c>hognose.SummaryTracker</c>. The package switches the collector off meanwhile.</summary>
internal static unsafe class SummaryFunction
{
    public static ReadOnlySpan<byte> Doc =>
        "summary($module, all, ignored, /)\n--\n\n(type, objects, bytes) of all that a list of objects reaches, but for that list and those of a second."u8;

    public static PyObject* Call(PyObject* module, PyObject** arguments, nint count)
    {
        var python = ExtensionModule.Python;
        if (count != 2 || arguments[0]->Type != python->ListType || arguments[1]->Type != python->ListType)
        {
            python->SetError(python->TypeError, Text.C("summary() takes two lists"u8));
            return null;
        }
        DeepWalk walk;
        Libc.memset(&walk, 0, (nuint)sizeof(DeepWalk));
        walk.IsOutOfMemory = !DeepWalk.Open(&walk);
        Ignore(&walk, arguments[0]);
        Ignore(&walk, arguments[1]);
        for (nint index = 0, end = python->ListSize(arguments[1]); index < end; index++)
            Ignore(&walk, python->ListItem(arguments[1], index));
        for (nint index = 0, end = python->ListSize(arguments[0]); index < end && !walk.IsOutOfMemory; index++)
        {
            DeepWalk.AddGiven(&walk, python->ListItem(arguments[0], index));
            DeepWalk.Run(&walk);
        }
        var rows = walk.IsOutOfMemory ? PythonValues.OutOfMemory() : Rows(&walk.Types);
        DeepWalk.Close(&walk);
        return rows;
    }

    private static void Ignore(DeepWalk* walk, PyObject* item)
    {
        AddressChunk* chunk;
        if (!walk->IsOutOfMemory && !AddressSet.Add(&walk->Seen, (nuint)item, &chunk))
            walk->IsOutOfMemory = chunk == null;
    }

    /// <summary>[(type, objects, bytes)] of the types that were counted; null with Python's error set.</summary>
    public static PyObject* Rows(KnownTypes* types)
    {
        var list = ExtensionModule.Python->NewList(0);
        KnownType* known;
        for (nuint place = 0; list != null && KnownTypes.TryAt(types, place, &known); place++)
        {
            if (known == null || known->Objects == 0)
                continue;
            var tuple = ExtensionModule.Python->NewTuple(3);
            var isMade = PythonValues.Put(tuple, 0, PythonValues.Shared((PyObject*)known->Type))
                & PythonValues.Put(tuple, 1, PythonValues.Number(known->Objects))
                & PythonValues.Put(tuple, 2, PythonValues.Number(known->Bytes));
            if (PythonValues.Append(list, PythonValues.Whole(tuple, isMade)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }
}
