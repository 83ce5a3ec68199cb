using Hognose.Extension.Python;
using Hognose.Extension.Sizes;

namespace Hognose.Extension.Functions;

/// <summary>What a walk counted by type, as a list of tuples.</summary>
internal static unsafe class TypeRows
{
    /// <summary>(type, objects, bytes)</summary>
    public static PyObject* Of(KnownTypes* types) => Make(types, false);

    /// <summary>(type, objects, bytes, bytes of the largest, the largest or None)</summary>
    public static PyObject* WithLargest(KnownTypes* types) => Make(types, true);

    private static PyObject* Make(KnownTypes* types, bool withLargest)
    {
        var list = ExtensionModule.Python->NewList(0);
        KnownType* known;
        for (nuint place = 0; list != null && KnownTypes.TryAt(types, place, &known); place++)
        {
            if (known == null || known->Objects == 0 || PythonValues.Append(list, Row(known, withLargest)))
                continue;
            ExtensionModule.Python->DecRef(list);
            list = null;
        }
        return list;
    }

    private static PyObject* Row(KnownType* known, bool withLargest)
    {
        var tuple = ExtensionModule.Python->NewTuple(withLargest ? 5 : 3);
        var isMade = PythonValues.Put(tuple, 0, PythonValues.Shared((PyObject*)known->Type))
            & PythonValues.Put(tuple, 1, PythonValues.Number(known->Objects))
            & PythonValues.Put(tuple, 2, PythonValues.Number(known->Bytes));
        if (withLargest)
            isMade &= PythonValues.Put(tuple, 3, PythonValues.Number(known->Largest))
                & PythonValues.Put(tuple, 4, PythonValues.Shared(known->LargestObject == null ? ExtensionModule.Python->None : known->LargestObject));
        return PythonValues.Whole(tuple, isMade);
    }
}
