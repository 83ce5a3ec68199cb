namespace Hognose.Extension.Python;

/// <summary>
/// Results as Python values: null stands for a failure with Python's error set. Arrays on the stack are no way to gather them: the compiler
/// guards such a frame with a cookie of the runtime's.
/// </summary>
internal static unsafe class PythonValues
{
    public static PyObject* Number(nint value) => ExtensionModule.Python->LongFromSsize(value);

    public static PyObject* Shared(PyObject* item)
    {
        if (item != null)
            ExtensionModule.Python->IncRef(item);
        return item;
    }

    /// <summary>Puts a new reference into a new tuple, which takes it over; false with Python's error set.</summary>
    public static bool Put(PyObject* tuple, nint index, PyObject* item) =>
        tuple != null && item != null && ExtensionModule.Python->SetTupleItem(tuple, index, item) == 0;

    /// <summary>The tuple, or null after giving it up when an item of it could not be made.</summary>
    public static PyObject* Whole(PyObject* tuple, bool isWhole)
    {
        if (isWhole || tuple == null)
            return tuple;
        ExtensionModule.Python->DecRef(tuple);
        return null;
    }

    /// <summary>A tuple of two new references, which it takes over; null, giving up the other, if one of them is.</summary>
    public static PyObject* Pair(PyObject* first, PyObject* second)
    {
        var isWhole = first != null && second != null;
        var tuple = isWhole ? ExtensionModule.Python->NewTuple(2) : null;
        if (tuple != null)
            return Whole(tuple, Put(tuple, 0, first) & Put(tuple, 1, second));
        if (first != null)
            ExtensionModule.Python->DecRef(first);
        if (second != null)
            ExtensionModule.Python->DecRef(second);
        return null;
    }

    /// <summary>Appends a new reference to a list and gives it up; false with Python's error set.</summary>
    public static bool Append(PyObject* list, PyObject* item)
    {
        if (item == null)
            return false;
        var isDone = ExtensionModule.Python->AppendToList(list, item) == 0;
        ExtensionModule.Python->DecRef(item);
        return isDone;
    }

    /// <summary>Null, with Python's MemoryError unless another error is set.</summary>
    public static PyObject* OutOfMemory() => ExtensionModule.Python->ErrorOccurred() != null ? null : ExtensionModule.Python->NoMemory();
}
