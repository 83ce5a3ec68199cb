namespace Hognose.CPython.Types;

/// <summary>What stands in front of an object, and what of it <c>sys.getsizeof</c> counts (<c>_PySys_GetSizeOf</c>).</summary>
internal interface IPreHeader
{
    int BytesOf(ulong typeFlags);

    /// <summary>Counted for an instance of such a type, type objects apart.</summary>
    int CountedFor(ulong typeFlags);

    /// <summary>Counted for a static type object.</summary>
    int CountedForStaticTypes { get; }
}

/// <summary>The collector's header only; static types are not collected and count none.</summary>
internal sealed class PreHeader_3_8 : IPreHeader
{
    public int CountedForStaticTypes => 0;

    public int BytesOf(ulong typeFlags) => (typeFlags & TypeFlags.HaveGc) != 0 ? 16 : 0;

    public int CountedFor(ulong typeFlags) => BytesOf(typeFlags);
}

/// <summary>Managed dicts take two words more; the type's flag decides for static types too (<c>_PyType_PreHeaderSize</c>).</summary>
internal sealed class PreHeader_3_11 : IPreHeader
{
    public int CountedForStaticTypes => 16;

    public int BytesOf(ulong typeFlags) =>
        ((typeFlags & TypeFlags.HaveGc) != 0 ? 16 : 0) + ((typeFlags & TypeFlags.ManagedDict) != 0 ? 16 : 0);

    public int CountedFor(ulong typeFlags) => BytesOf(typeFlags);
}

/// <summary>Managed weak references share the two words of the managed dict.</summary>
internal class PreHeader_3_12 : IPreHeader
{
    public virtual int CountedForStaticTypes => 16;

    public int BytesOf(ulong typeFlags) =>
        ((typeFlags & TypeFlags.HaveGc) != 0 ? 16 : 0)
        + ((typeFlags & (TypeFlags.ManagedDict | TypeFlags.ManagedWeakref)) != 0 ? 16 : 0);

    public int CountedFor(ulong typeFlags) => BytesOf(typeFlags);
}

/// <summary>Static types count nothing (<c>_PySys_GetSizeOf</c> asks <c>_PyObject_IS_GC</c> again).</summary>
internal sealed class PreHeader_3_13 : PreHeader_3_12
{
    public override int CountedForStaticTypes => 0;
}
