using System.Runtime.CompilerServices;
using Hognose.Agent.Sampling;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Hooks;

/// <summary>Puts the twelve functions in front of CPython's allocators.</summary>
internal static unsafe class HookInstaller
{
    /// <summary>
    /// Hooks that an earlier recording had to leave behind may tell something else than this one wants, all blocks or samples: they are taken out. False:
    /// somebody stands in front of them still.
    /// </summary>
    public static bool MakeWay(AgentData* agent)
    {
        if (agent->Hooked != 0 && agent->HooksSample != agent->Sampling.IsOn)
            Remove(agent);
        return agent->Hooked == 0 || agent->HooksSample == agent->Sampling.IsOn;
    }

    public static void Install(AgentData* agent)
    {
        agent->HooksSample = agent->Sampling.IsOn;
        // Asked before the first is replaced: the answer is of all three together, and with one of ours in front there is no name. Not asked the first
        // time, when there is no runtime yet: 3.12 would take a lock that it has not made.
        var mayCallOurs = agent->Hooked != 0 && (agent->Python.CurrentAllocatorName == null || agent->Python.CurrentAllocatorName() == null);
        InstallRaw(agent, mayCallOurs);
        InstallMem(agent, mayCallOurs);
        InstallObject(agent, mayCallOurs);
    }

    /// <summary>
    /// CPython's pre-configuration replaces all allocators when PYTHONMALLOC or -X dev asks for it (<c>_PyMem_SetupAllocators</c>), which throws
    /// the hooks out. It sets the locale right after that (<c>_PyPreConfig_Write</c>), so that is where they are put back. Only what CPython
    /// itself names as one of its own sets of allocators is hooked again: an unnamed set (tracemalloc, an embedder's) may call ours.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void InstallAgainIfReplaced(AgentData* agent)
    {
        if (agent->Mode == AgentMode.Recording && agent->Python.CurrentAllocatorName != null && agent->Python.CurrentAllocatorName() != null)
            Install(agent);
    }

    /// <summary>
    /// Takes the hooks out. Where somebody has put others in front of ours meanwhile, ours stay and pass everything through.
    /// </summary>
    public static void Remove(AgentData* agent)
    {
        Remove(agent, AllocatorDomain.Raw, &agent->RawOriginal, (nint)(delegate*<void*, nuint, byte*>)&DomainHooks.RawMalloc);
        Remove(agent, AllocatorDomain.Mem, &agent->MemOriginal, (nint)(delegate*<void*, nuint, byte*>)&DomainHooks.MemMalloc);
        Remove(agent, AllocatorDomain.Object, &agent->ObjectOriginal, (nint)(delegate*<void*, nuint, byte*>)&DomainHooks.ObjectMalloc);
    }

    private static void Remove(AgentData* agent, AllocatorDomain domain, PythonAllocator* original, nint ours)
    {
        PythonAllocator current;
        agent->Python.GetAllocator((int)domain, &current);
        if ((nint)current.Malloc != ours && !SampledHooks.IsOurs(&current, domain))
            return;
        agent->Python.SetAllocator((int)domain, original);
        agent->Hooked &= ~(1 << (int)domain);
    }

    private static void InstallRaw(AgentData* agent, bool mayCallOurs)
    {
        PythonAllocator ours;
        ours.Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&DomainHooks.RawMalloc;
        ours.Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&DomainHooks.RawCalloc;
        ours.Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&DomainHooks.RawRealloc;
        ours.Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&DomainHooks.RawFree;
        SampledHooks.TakeIfOn(agent, AllocatorDomain.Raw, &ours);
        Replace(agent, AllocatorDomain.Raw, &agent->RawOriginal, &ours, mayCallOurs);
    }

    private static void InstallMem(AgentData* agent, bool mayCallOurs)
    {
        PythonAllocator ours;
        ours.Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&DomainHooks.MemMalloc;
        ours.Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&DomainHooks.MemCalloc;
        ours.Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&DomainHooks.MemRealloc;
        ours.Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&DomainHooks.MemFree;
        SampledHooks.TakeIfOn(agent, AllocatorDomain.Mem, &ours);
        Replace(agent, AllocatorDomain.Mem, &agent->MemOriginal, &ours, mayCallOurs);
    }

    private static void InstallObject(AgentData* agent, bool mayCallOurs)
    {
        PythonAllocator ours;
        ours.Malloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, byte*>)(delegate*<void*, nuint, byte*>)&DomainHooks.ObjectMalloc;
        ours.Calloc = (delegate* unmanaged[SuppressGCTransition]<void*, nuint, nuint, byte*>)(delegate*<void*, nuint, nuint, byte*>)&DomainHooks.ObjectCalloc;
        ours.Realloc = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, nuint, byte*>)(delegate*<void*, byte*, nuint, byte*>)&DomainHooks.ObjectRealloc;
        ours.Free = (delegate* unmanaged[SuppressGCTransition]<void*, byte*, void>)(delegate*<void*, byte*, void>)&DomainHooks.ObjectFree;
        SampledHooks.TakeIfOn(agent, AllocatorDomain.Object, &ours);
        Replace(agent, AllocatorDomain.Object, &agent->ObjectOriginal, &ours, mayCallOurs);
    }

    private static void Replace(AgentData* agent, AllocatorDomain domain, PythonAllocator* original, PythonAllocator* ours, bool mayCallOurs)
    {
        PythonAllocator current;
        agent->Python.GetAllocator((int)domain, &current);
        var bit = 1 << (int)domain;
        // Left behind by an earlier recording: in front, or below a set that CPython doesn't name and that therefore may call ours.
        if ((agent->Hooked & bit) != 0 && (mayCallOurs || (nint)current.Malloc == (nint)ours->Malloc))
            return;
        *original = current;
        ours->Context = current.Context;
        agent->Python.SetAllocator((int)domain, ours);
        agent->Hooked |= bit;
    }
}
