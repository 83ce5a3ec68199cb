using System.Runtime.CompilerServices;
using Hognose.Agent.Events;
using Hognose.Agent.Stacks;
using Hognose.Agent.Unwinding;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Hooks;

/// <summary>From a call of an allocator to the events of it.</summary>
internal static unsafe class BlockEvents
{
    /// <summary>Where <c>ob_type</c> stands in every object of a build with the GIL.</summary>
    private const int TypeOffset = 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Allocated(AgentData* agent, AllocatorDomain domain, byte* block, nuint size, void* stack)
    {
        var threadState = ThreadStateFor(agent, domain);
        if (!EventLock.Take(agent, stack))
            return;
        if (agent->LastThreadState == threadState)
            WriteAllocate(agent, domain, block, size, stack, agent->LastThread, threadState);
        else
            WriteAllocateOfAnother(agent, domain, block, size, stack, threadState);
        EventLock.Release(agent);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Freeing(AgentData* agent, AllocatorDomain domain, byte* block, ulong flags, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return;
        if (*agent->Finalizing != 0)
            EventWriter.WriteTearDown(agent, stack);
        if (flags != 0 || !EventWriter.MakeLastTemporary(agent, block, domain))
            WriteFree(agent, domain, block, flags, stack);
        EventLock.Release(agent);
    }

    /// <summary>
    /// Of a sample. The tool reads those as they come: one that it may have read is not made a temporary any more. Who frees raw memory may do so without the GIL, beside the thread that takes
    /// CPython down and seldom comes by the lock here: the shutdown is that one's to tell.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FreeingSample(AgentData* agent, AllocatorDomain domain, byte* block, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return;
        if (*agent->Finalizing != 0 && domain != AllocatorDomain.Raw)
            EventWriter.WriteTearDown(agent, stack);
        WriteFree(agent, domain, block, 0, stack);
        EventLock.Release(agent);
    }

    /// <summary>What died with no event since its birth can be neither code that ran nor a thread that was seen; of anything else it must be asked.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteFree(AgentData* agent, AllocatorDomain domain, byte* block, ulong flags, void* stack)
    {
        if (domain == AllocatorDomain.Object && *(nint*)(block + TypeOffset) == agent->CodeType)
            CodeTable.Retire(agent, (nint)block);
        else if (domain == AllocatorDomain.Raw)
            ThreadTable.Retire(agent, (nint)block);
        EventWriter.Write(agent, stack, AllocationEvent.PackWord0((ulong)block, EventKind.Free, domain) | flags, 0, 0);
    }

    /// <summary>A realloc is about to free or move the block, or to leave it where it is.</summary>
    public static void Moving(AgentData* agent, AllocatorDomain domain, byte* block, EventKind kind, void* stack)
    {
        var threadState = ThreadStateFor(agent, domain);
        if (!EventLock.Take(agent, stack))
            return;
        var thread = agent->LastThreadState == threadState ? agent->LastThread : FindThread(agent, stack, threadState);
        var index = thread == null ? (ushort)0 : thread->Index;
        EventWriter.Write(agent, stack, AllocationEvent.PackWord0((ulong)block, kind, domain), AllocationEvent.PackWord1(0, index), 0);
        EventLock.Release(agent);
    }

    /// <summary>
    /// In the raw domain the GIL may not be held. Up to 3.11 the "current" thread state is one global then, and another thread's: only the
    /// thread's own state may be followed. From 3.12 on the current one is the thread's own, or none while it has released the GIL; its own
    /// state still has its frames then.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint ThreadStateFor(AgentData* agent, AllocatorDomain domain)
    {
        if (domain != AllocatorDomain.Raw)
            return agent->GlobalThreadState != null ? *agent->GlobalThreadState : agent->CurrentThreadState();
        var current = agent->ThreadStateIsGlobal ? 0 : agent->CurrentThreadState();
        return current != 0 ? current : agent->OwnThreadState();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteAllocate(
        AgentData* agent, AllocatorDomain domain, byte* block, nuint size, void* stack, ThreadRecord* thread, nint threadState)
    {
        var node = StackWalk.Capture(agent, thread, threadState);
        EventWriter.Write(
            agent,
            stack,
            AllocationEvent.PackWord0((ulong)block, EventKind.Allocate, domain),
            AllocationEvent.PackWord1(size, thread->Index),
            node);
    }

    /// <summary>Another thread than that of the last event, or one without a thread state, which has no Python stack; or C frames are wanted.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteAllocateOfAnother(AgentData* agent, AllocatorDomain domain, byte* block, nuint size, void* stack, nint threadState)
    {
        var thread = FindThread(agent, stack, threadState);
        var node = thread == null || threadState == 0 ? 0 : StackWalk.Capture(agent, thread, threadState);
        if (agent->Unwind.IsOn != 0)
            node = NativeStack.Join(agent, thread, node);
        EventWriter.Write(
            agent,
            stack,
            AllocationEvent.PackWord0((ulong)block, EventKind.Allocate, domain),
            AllocationEvent.PackWord1(size, thread == null ? (ushort)0 : thread->Index),
            node);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ThreadRecord* FindThread(AgentData* agent, void* stack, nint threadState)
    {
        var thread = ThreadTable.Find(agent, threadState, out var isNew);
        if (isNew && agent->Unwind.IsOn != 0)
            ThreadStacks.Forget(agent);
        if (isNew && thread != null)
            EventWriter.WriteThread(agent, stack, threadState, thread->Index);
        return thread;
    }
}
