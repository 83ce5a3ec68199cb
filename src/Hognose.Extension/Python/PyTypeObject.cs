using System.Runtime.InteropServices;

namespace Hognose.Extension.Python;

/// <summary>The part of <c>PyTypeObject</c> (Include/cpython/object.h) that has not moved from 3.8 to 3.15.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyTypeObject
{
    [FieldOffset(24)] public byte* Name;
    [FieldOffset(32)] public nint BasicSize;
    [FieldOffset(40)] public nint ItemSize;
    [FieldOffset(168)] public TypeFlags Flags;

    /// <summary><c>traverseproc</c>: calls visit for each reference the object holds.</summary>
    [FieldOffset(184)] public delegate* unmanaged[SuppressGCTransition]<PyObject*, void*, void*, int> Traverse;
    [FieldOffset(256)] public PyTypeObject* Base;
    [FieldOffset(264)] public PyObject* Dict;
    [FieldOffset(288)] public nint DictOffset;
    [FieldOffset(328)] public delegate* unmanaged[SuppressGCTransition]<PyObject*, int> IsCollected;
    [FieldOffset(344)] public PyObject* ResolutionOrder;
}

/// <summary><c>Py_TPFLAGS_…</c></summary>
[Flags]
internal enum TypeFlags : ulong
{
    /// <summary>MANAGED_WEAKREF (3.12+) and MANAGED_DICT (3.11+): either puts two words before the object.</summary>
    WordsBefore = (1 << 3) | ManagedDict,
    ManagedDict = 1 << 4,

    /// <summary>3.13 on: values of attributes behind the instance's fixed part.</summary>
    InlineValues = 1 << 2,

    /// <summary>HEAPTYPE: by a class statement, or by C code that asked for it.</summary>
    MadeAtRunTime = 1 << 9,
    HasCollectorHead = 1 << 14,
    LongSubclass = 1 << 24,
    ListSubclass = 1 << 25,
    TupleSubclass = 1 << 26,
    BytesSubclass = 1 << 27,
    StrSubclass = 1 << 28,
    DictSubclass = 1 << 29,
    TypeSubclass = 1UL << 31,
}
