using System.Runtime.InteropServices;

namespace Hognose.Extension.Python;

/// <summary><c>PyDictKeysObject</c> (Include/internal/pycore_dict.h) from 3.11 on: the names that instances of a class have their attributes by.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyDictKeys
{
    /// <summary>DICT_KEYS_SPLIT: the values lie elsewhere, in each instance.</summary>
    public const byte Split = 2;

    [FieldOffset(9)] public byte Log2OfIndexBytes;
    [FieldOffset(10)] public byte Kind;
    [FieldOffset(24)] public nint Entries;
    [FieldOffset(32)] public byte Indices;

    /// <summary>The name of the attribute with that number.</summary>
    public static PyObject* Name(PyDictKeys* keys, nint number) =>
        ((PyUnicodeEntry*)(&keys->Indices + ((nint)1 << keys->Log2OfIndexBytes)))[number].Key;
}

/// <summary><c>PyDictUnicodeEntry</c></summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyUnicodeEntry
{
    public PyObject* Key;
    public PyObject* Value;
}

/// <summary><c>PyDictValues</c> from 3.13 on, within the instance.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyInlineValues
{
    [FieldOffset(0)] public byte Capacity;

    /// <summary>0 once a dict has taken the values over.</summary>
    [FieldOffset(3)] public byte Valid;
    [FieldOffset(8)] public PyObject* First;
}
