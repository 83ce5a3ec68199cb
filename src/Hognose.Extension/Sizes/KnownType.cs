using Hognose.Extension.Python;

namespace Hognose.Extension.Sizes;

/// <summary>How the shallow size of a type's objects is had.</summary>
internal enum SizeWay
{
    /// <summary>object.__sizeof__: the basic size and as many items as the head says.</summary>
    Plain,

    /// <summary>A C function of the type's own.</summary>
    Method,

    /// <summary>Not callable as such a function: CPython is asked (sys.getsizeof).</summary>
    Ask,

    /// <summary>__sizeof__ was overridden in Python: user code, which a walk doesn't run.</summary>
    Overridden,
}

/// <summary>What pympler, and we, leave out of a deep size unless asked.</summary>
[Flags]
internal enum Kind
{
    Other = 0,
    Class = 1,
    Module = 2,
    Function = 4,
    Code = 8,
    Frame = 16,

    /// <summary>A type that a caller named, not a kind of its own.</summary>
    Excluded = 32,

    /// <summary>A type whose objects a caller wants one by one.</summary>
    Apart = 64,
}

/// <summary>What one walk knows of a type. Valid while the GIL is held.</summary>
internal unsafe struct KnownType
{
    public PyTypeObject* Type;
    public SizeWay Way;
    public Kind Kind;

    /// <summary>The C function behind __sizeof__; of an overridden one the base's.</summary>
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, PyObject*> Method;

    /// <summary>Bytes before the object that sys.getsizeof counts: the collector's head, managed dict and weak references.</summary>
    public nint Before;

    /// <summary>What the walk counted of this type.</summary>
    public nint Objects;
    public nint Bytes;

    /// <summary>The largest of them, and its bytes.</summary>
    public nint Largest;
    public PyObject* LargestObject;
}
