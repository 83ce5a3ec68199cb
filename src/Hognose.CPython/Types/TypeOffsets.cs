using Hognose.CPython.Layouts;

namespace Hognose.CPython.Types;

/// <summary>Where the fields of a type object stand.</summary>
internal sealed class TypeOffsets(CPythonLayout layout)
{
    public int Size { get; } = layout.PyTypeObject.Size;

    public int ObType { get; } = layout.PyObject.ob_type;

    public int BasicSize { get; } = layout.PyTypeObject.tp_basicsize;

    public int ItemSize { get; } = layout.PyTypeObject.tp_itemsize;

    public int Flags { get; } = layout.PyTypeObject.tp_flags;

    public int DictOffset { get; } = layout.PyTypeObject.tp_dictoffset;

    public int WeakListOffset { get; } = layout.PyTypeObject.tp_weaklistoffset;

    public int Base { get; } = layout.PyTypeObject.tp_base;

    public int Mro { get; } = layout.PyTypeObject.tp_mro;

    public int Traverse { get; } = layout.PyTypeObject.tp_traverse;

    public int Name { get; } = layout.PyTypeObject.tp_name;

    public int Dealloc { get; } = layout.PyTypeObject.tp_dealloc;

    public int TupleItems { get; } = layout.PyTupleObject.ob_item;
}
