using System.Runtime.InteropServices;

namespace Hognose.Extension.Python;

/// <summary>
/// <c>PyObject</c> and <c>PyVarObject</c> (Include/object.h) as every build with the GIL has had them since 3.8. A test holds these structs
/// against the layout tables of every version.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyObject
{
    [FieldOffset(0)] public nint RefCount;
    [FieldOffset(8)] public PyTypeObject* Type;

    /// <summary>Only of types with an item size.</summary>
    [FieldOffset(16)] public nint Items;
}

/// <summary><c>PyMethodDef</c> (Include/methodobject.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyMethodDef
{
    /// <summary>METH_NOARGS, METH_FASTCALL</summary>
    public const int NoArguments = 4;
    public const int FastCall = 0x80;

    public byte* Name;
    public void* Method;
    public int Flags;
    public byte* Doc;
}

/// <summary><c>PyMethodDescrObject</c> (Include/cpython/descrobject.h): a method of a C type.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyMethodDescriptor
{
    [FieldOffset(40)] public PyMethodDef* Method;
}

/// <summary><c>PyModuleDef</c> (Include/moduleobject.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 104)]
internal unsafe struct PyModuleDef
{
    [FieldOffset(0)] public nint RefCount;
    [FieldOffset(40)] public byte* Name;
    [FieldOffset(48)] public byte* Doc;
    [FieldOffset(56)] public nint Size;
    [FieldOffset(64)] public PyMethodDef* Methods;
    [FieldOffset(72)] public void* Slots;
}

/// <summary><c>PyMemberDescrObject</c>: a slot of a class, or a member of a C type.</summary>
[StructLayout(LayoutKind.Explicit)]
internal unsafe struct PyMemberDescriptor
{
    [FieldOffset(24)] public PyObject* Name;
    [FieldOffset(40)] public PyMemberDef* Member;
}

/// <summary><c>PyMemberDef</c> (Include/structmember.h, later Include/descrobject.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PyMemberDef
{
    /// <summary>T_OBJECT and T_OBJECT_EX: a pointer to an object, or null.</summary>
    public const int Object = 6;
    public const int ObjectOrError = 16;

    public byte* Name;
    public int Type;
    public nint Offset;
}
