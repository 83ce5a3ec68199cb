using Hognose.Agent;
using Hognose.Extension.Python;

namespace Hognose.Extension.Profile;

/// <summary>
/// What only the line profiler calls of CPython. Null where this CPython has no such function, which is how one learns what it can do.
/// </summary>
internal unsafe struct ProfileApi
{
    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> RawMalloc;
    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> MemMalloc;
    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> ObjectMalloc;
    public delegate* unmanaged[SuppressGCTransition]<byte*, void> RawFree;
    public delegate* unmanaged[SuppressGCTransition]<byte*, void> MemFree;
    public delegate* unmanaged[SuppressGCTransition]<byte*, void> ObjectFree;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, int, int> LineAt;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, PyObject*> CallWith;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, int> IsTrue;
    public delegate* unmanaged[SuppressGCTransition]<void*, PyObject*, void> SetTrace;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, int> LineOfFrame;
    public delegate* unmanaged[SuppressGCTransition]<PyObject*> CurrentFrame;

    /// <summary>A new reference. From 3.9 on.</summary>
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*> CodeOfFrame;

    /// <summary>A new reference, or null for a frame of a plain function. From 3.11 on.</summary>
    public delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*> GeneratorOfFrame;

    public static bool TryFind(ProfileApi* api)
    {
        api->RawMalloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)Find("PyMem_RawMalloc"u8);
        api->MemMalloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)Find("PyMem_Malloc"u8);
        api->ObjectMalloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)Find("PyObject_Malloc"u8);
        api->RawFree = (delegate* unmanaged[SuppressGCTransition]<byte*, void>)Find("PyMem_RawFree"u8);
        api->MemFree = (delegate* unmanaged[SuppressGCTransition]<byte*, void>)Find("PyMem_Free"u8);
        api->ObjectFree = (delegate* unmanaged[SuppressGCTransition]<byte*, void>)Find("PyObject_Free"u8);
        api->LineAt = (delegate* unmanaged[SuppressGCTransition]<PyObject*, int, int>)Find("PyCode_Addr2Line"u8);
        api->CallWith = (delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*, PyObject*>)Find("PyObject_CallObject"u8);
        api->IsTrue = (delegate* unmanaged[SuppressGCTransition]<PyObject*, int>)Find("PyObject_IsTrue"u8);
        api->SetTrace = (delegate* unmanaged[SuppressGCTransition]<void*, PyObject*, void>)Find("PyEval_SetTrace"u8);
        api->LineOfFrame = (delegate* unmanaged[SuppressGCTransition]<PyObject*, int>)Find("PyFrame_GetLineNumber"u8);
        api->CurrentFrame = (delegate* unmanaged[SuppressGCTransition]<PyObject*>)Find("PyEval_GetFrame"u8);
        api->CodeOfFrame = (delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*>)Find("PyFrame_GetCode"u8);
        api->GeneratorOfFrame = (delegate* unmanaged[SuppressGCTransition]<PyObject*, PyObject*>)Find("PyFrame_GetGenerator"u8);
        return api->RawMalloc != null && api->MemMalloc != null && api->ObjectMalloc != null && api->RawFree != null && api->MemFree != null
            && api->ObjectFree != null && api->LineAt != null && api->CallWith != null && api->IsTrue != null && api->SetTrace != null
            && api->LineOfFrame != null && api->CurrentFrame != null;
    }

    private static void* Find(ReadOnlySpan<byte> name) => Libc.dlsym(null, Text.C(name));
}
