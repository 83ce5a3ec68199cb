using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Extension.Profile.Hooks;

/// <summary>
/// Puts the twelve functions in front of CPython's allocators and takes them away again. Somebody may have put others in front of ours meanwhile
/// (tracemalloc, started by the profiled function): ours then stay below and pass everything through. Whether they are still reached is found
/// out by a call before they are put in front once more, since hooks that lie above and below the same others would call each other for ever.
/// </summary>
internal static unsafe class HookPlacement
{
    public static void Install(ProfilerData* data)
    {
        PythonAllocator ours;
        FillRaw(&ours);
        Install(data, AllocatorDomain.Raw, &data->RawOriginal, &ours);
        FillMem(&ours);
        Install(data, AllocatorDomain.Mem, &data->MemOriginal, &ours);
        FillObject(&ours);
        Install(data, AllocatorDomain.Object, &data->ObjectOriginal, &ours);
    }

    public static void Remove(ProfilerData* data)
    {
        PythonAllocator ours;
        FillRaw(&ours);
        Remove(data, AllocatorDomain.Raw, &data->RawOriginal, &ours);
        FillMem(&ours);
        Remove(data, AllocatorDomain.Mem, &data->MemOriginal, &ours);
        FillObject(&ours);
        Remove(data, AllocatorDomain.Object, &data->ObjectOriginal, &ours);
    }

    private static void Install(ProfilerData* data, AllocatorDomain domain, PythonAllocator* original, PythonAllocator* ours)
    {
        var bit = 1 << (int)domain;
        PythonAllocator current;
        Python->GetAllocator((int)domain, &current);
        if ((data->Hooked & bit) != 0 && ((nint)current.Malloc == (nint)ours->Malloc || IsReached(data, domain)))
            return;
        *original = current;
        ours->Context = current.Context;
        Python->SetAllocator((int)domain, ours);
        data->Hooked |= bit;
    }

    private static void Remove(ProfilerData* data, AllocatorDomain domain, PythonAllocator* original, PythonAllocator* ours)
    {
        PythonAllocator current;
        Python->GetAllocator((int)domain, &current);
        if ((nint)current.Malloc != (nint)ours->Malloc)
            return;
        Python->SetAllocator((int)domain, original);
        data->Hooked &= ~(1 << (int)domain);
    }

    private static bool IsReached(ProfilerData* data, AllocatorDomain domain)
    {
        var bit = 1 << (int)domain;
        data->Reached &= ~bit;
        data->IsProbing = true;
        var api = &data->Python;
        if (domain == AllocatorDomain.Raw)
            api->RawFree(api->RawMalloc(1));
        else if (domain == AllocatorDomain.Mem)
            api->MemFree(api->MemMalloc(1));
        else
            api->ObjectFree(api->ObjectMalloc(1));
        data->IsProbing = false;
        return (data->Reached & bit) != 0;
    }

    private static PythonApi* Python => &Hognose.Agent.Agent.State->Python;

    private static void FillRaw(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&ProfilerDomainHooks.RawMalloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&ProfilerDomainHooks.RawCalloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&ProfilerDomainHooks.RawRealloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&ProfilerDomainHooks.RawFree;
    }

    private static void FillMem(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&ProfilerDomainHooks.MemMalloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&ProfilerDomainHooks.MemCalloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&ProfilerDomainHooks.MemRealloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&ProfilerDomainHooks.MemFree;
    }

    private static void FillObject(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&ProfilerDomainHooks.ObjectMalloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&ProfilerDomainHooks.ObjectCalloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&ProfilerDomainHooks.ObjectRealloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&ProfilerDomainHooks.ObjectFree;
    }
}
