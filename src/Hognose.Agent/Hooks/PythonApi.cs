namespace Hognose.Agent.Hooks;

/// <summary>What the agent calls of CPython, found by name in the process it was loaded into; all of it exported by every version served.</summary>
internal unsafe struct PythonApi
{
    public delegate* unmanaged[SuppressGCTransition]<int, PythonAllocator*, void> GetAllocator;
    public delegate* unmanaged[SuppressGCTransition]<int, PythonAllocator*, void> SetAllocator;
    public delegate* unmanaged[SuppressGCTransition]<byte*> CurrentAllocatorName;

    /// <summary>False: this process is no Python, or one that hides its symbols.</summary>
    public static bool TryFind(AgentData* agent)
    {
        var python = &agent->Python;
        python->GetAllocator = (delegate* unmanaged[SuppressGCTransition]<int, PythonAllocator*, void>)Find("PyMem_GetAllocator"u8);
        python->SetAllocator = (delegate* unmanaged[SuppressGCTransition]<int, PythonAllocator*, void>)Find("PyMem_SetAllocator"u8);
        python->CurrentAllocatorName = (delegate* unmanaged[SuppressGCTransition]<byte*>)Find("_PyMem_GetCurrentAllocatorName"u8);

        var current = Find("PyThreadState_GetUnchecked"u8);
        if (current == null)
            current = Find("_PyThreadState_UncheckedGet"u8);
        agent->CurrentThreadState = (delegate* unmanaged[SuppressGCTransition]<nint>)current;
        agent->OwnThreadState = (delegate* unmanaged[SuppressGCTransition]<nint>)Find("PyGILState_GetThisThreadState"u8);
        agent->CodeType = (nint)Find("PyCode_Type"u8);
        return python->GetAllocator != null && python->SetAllocator != null && current != null && agent->OwnThreadState != null
            && agent->CodeType != 0;
    }

    public static bool IsPyPy() => Find("PyPy_GetVersion"u8) != null || Find("PyPyObject_Malloc"u8) != null;

    public static void* Find(ReadOnlySpan<byte> name) => Libc.dlsym(null, Text.C(name));
}
