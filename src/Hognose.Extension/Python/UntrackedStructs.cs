using System.Runtime.InteropServices;

namespace Hognose.Extension.Python;

/// <summary><c>rangeobject</c> (Objects/rangeobject.c): four ints.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyRange
{
    [FieldOffset(16)] public PyObject* Start;
    [FieldOffset(24)] public PyObject* Stop;
    [FieldOffset(32)] public PyObject* Step;
    [FieldOffset(40)] public PyObject* Length;
}

/// <summary><c>PyDateTime_DateTime</c> (Include/datetime.h). Without a time zone it is allocated without the field for it.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyDateTime
{
    [FieldOffset(24)] public byte HasTimeZone;
    [FieldOffset(40)] public PyObject* TimeZone;
}

/// <summary><c>PyDateTime_Time</c></summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyTime
{
    [FieldOffset(24)] public byte HasTimeZone;
    [FieldOffset(32)] public PyObject* TimeZone;
}

/// <summary><c>PyDateTime_TimeZone</c> (Modules/_datetimemodule.c): a fixed distance, whose name may be null.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyTimeZone
{
    [FieldOffset(16)] public PyObject* Offset;
    [FieldOffset(24)] public PyObject* Name;
}

/// <summary>
/// <c>PyArrayObject_fields</c>: part of numpy's C interface, and unmoved since 1.7 (numpy/core/include/numpy/ndarraytypes.h).
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct NumpyArray
{
    private const int OwnsData = 4;
    private const int ObjectElements = 17;

    [FieldOffset(16)] public PyObject** Data;
    [FieldOffset(24)] public int DimensionCount;
    [FieldOffset(32)] public nint* Dimensions;

    /// <summary>Whose memory it shows; null: its own.</summary>
    [FieldOffset(48)] public PyObject* Base;
    [FieldOffset(56)] public NumpyElementType* ElementType;
    [FieldOffset(64)] public int Flags;

    /// <summary>How many elements are references of its own: they stand in a row.</summary>
    public static nint Objects(NumpyArray* array)
    {
        if ((array->Flags & OwnsData) == 0 || array->Data == null || array->ElementType->Number != ObjectElements)
            return 0;
        nint count = 1;
        for (var dimension = 0; dimension < array->DimensionCount; dimension++)
            count *= array->Dimensions[dimension];
        return count;
    }
}

/// <summary>The begin of <c>PyArray_Descr</c>.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct NumpyElementType
{
    [FieldOffset(28)] public int Number;
}
