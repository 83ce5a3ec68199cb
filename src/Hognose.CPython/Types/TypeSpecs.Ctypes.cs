using Hognose.CPython.Objects;

namespace Hognose.CPython.Types;

/// <summary>Modules/_ctypes: metatypes whose instances are types.</summary>
internal sealed partial class TypeSpecs
{
    private void AddForeign(SpecParts parts)
    {
        if (L.CtypesTypeDictObject.Size >= 0)
            AddForeignTypeDict(parts);
        if (L.CtypesTypeInfo.Size < 0)
            return;
        // The conservative scan behind the type object stays: argtypes, converters, restype and the like are owned.
        foreach (var name in (string[])["_ctypes.CType_Type", "_ctypes.PyCStructType", "_ctypes.UnionType", "_ctypes.PyCPointerType",
                                        "_ctypes.PyCArrayType", "_ctypes.PyCSimpleType", "_ctypes.PyCFuncPtrType"])
            AddAlso(name, new TypeSpec(-1).With(parts.Type).WordsBehind(L.PyHeapTypeObject.Size).Sized(new CtypesTypeSize(context)));
    }

    private void AddForeignTypeDict(SpecParts parts)
    {
        var info = L.CtypesTypeDictObject;
        Add("StgDict", info.Size)
            .With(parts.Dict)
            .Owns(info.proto, info.argtypes, info.converters, info.restype, info.checker)
            .Sized(new CtypesTypeDictSize(context, parts.DictSize));
        AddAlso("_ctypes.PyCPointerType", new TypeSpec(-1).With(new CtypesPointerTypeReader(context), parts.Type).Sized(_specs["type"].Sizer!));
    }
}
