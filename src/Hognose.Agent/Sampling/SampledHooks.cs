using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Sampling;

/// <summary>The twelve functions that stand in front of CPython's allocators when only samples are told.</summary>
internal static unsafe class SampledHooks
{
    public static void TakeIfOn(AgentData* agent, AllocatorDomain domain, PythonAllocator* ours)
    {
        if (agent->Sampling.IsOn == 0)
            return;
        if (domain == AllocatorDomain.Raw)
            TakeRaw(ours);
        else if (domain == AllocatorDomain.Mem)
            TakeMem(ours);
        else
            TakeObject(ours);
        if (agent->Ring->HoldAtTearDown != 0)
            TakeHolding(domain, ours);
    }

    public static bool IsOurs(PythonAllocator* current, AllocatorDomain domain)
    {
        PythonAllocator ours;
        if (domain == AllocatorDomain.Raw)
            TakeRaw(&ours);
        else if (domain == AllocatorDomain.Mem)
            TakeMem(&ours);
        else
            TakeObject(&ours);
        return (nint)current->Malloc == (nint)ours.Malloc;
    }

    private static void TakeRaw(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&SampledRawHooks.Malloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&SampledRawHooks.Calloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&SampledRawHooks.Realloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&SampledRawHooks.Free;
    }

    private static void TakeMem(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&SampledDomainHooks.MemMalloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&SampledDomainHooks.MemCalloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&SampledDomainHooks.MemRealloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&SampledDomainHooks.MemFree;
    }

    private static void TakeObject(PythonAllocator* ours)
    {
        ours->Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&SampledDomainHooks.ObjectMalloc;
        ours->Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&SampledDomainHooks.ObjectCalloc;
        ours->Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&SampledDomainHooks.ObjectRealloc;
        ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&SampledDomainHooks.ObjectFree;
    }

    /// <summary>Functions of their own, so that nobody else pays for the look: a branch and two loads at each free.</summary>
    private static void TakeHolding(AllocatorDomain domain, PythonAllocator* ours)
    {
        if (domain == AllocatorDomain.Mem)
            ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&SampledDomainHooks.MemFreeHolding;
        else if (domain == AllocatorDomain.Object)
            ours->Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&SampledDomainHooks.ObjectFreeHolding;
    }
}
