using System.Runtime.CompilerServices;
using Hognose.Agent.Events;
using Hognose.Agent.Hooks;
using Hognose.Agent.Stacks;
using Hognose.Agent.Unwinding;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Native;

/// <summary>From a call of libc's allocator to the events of it. The caller may or may not hold the GIL, and may be no thread of Python's.</summary>
internal static unsafe class NativeEvents
{
    public static void Allocated(AgentData* agent, AllocatorDomain domain, EventKind kind, byte* block, nuint size, void* stack)
    {
        var threadState = ThreadState(agent);
        if (!EventLock.Take(agent, stack))
            return;
        WriteAllocate(agent, domain, kind, block, size, stack, threadState);
        EventLock.Release(agent);
    }

    public static void Freeing(AgentData* agent, byte* block, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return;
        if (agent->Sampling.IsOn != 0 || !EventWriter.MakeLastTemporary(agent, block, AllocatorDomain.Native))
            EventWriter.Write(agent, stack, AllocationEvent.PackWord0((ulong)block, EventKind.Free, AllocatorDomain.Native), 0, 0);
        EventLock.Release(agent);
    }

    public static void Unmapping(AgentData* agent, byte* start, nuint length, void* stack)
    {
        if (!EventLock.Take(agent, stack))
            return;
        WriteUnmap(agent, start, length, stack);
        EventLock.Release(agent);
    }

    /// <summary>A mapping that mremap has moved or resized; told afterwards and in one piece, since until then it may fail.</summary>
    public static void Remapped(AgentData* agent, byte* start, nuint length, byte* newStart, nuint newLength, void* stack)
    {
        var threadState = ThreadState(agent);
        if (!EventLock.Take(agent, stack))
            return;
        WriteUnmap(agent, start, length, stack);
        WriteAllocate(agent, AllocatorDomain.Mapping, EventKind.Map, newStart, newLength, stack, threadState);
        EventLock.Release(agent);
    }

    private static void WriteUnmap(AgentData* agent, byte* start, nuint length, void* stack) =>
        EventWriter.Write(
            agent, stack, AllocationEvent.PackWord0((ulong)start, EventKind.Unmap, AllocatorDomain.Mapping), AllocationEvent.PackWord1(length, 0), 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteAllocate(
        AgentData* agent, AllocatorDomain domain, EventKind kind, byte* block, nuint size, void* stack, nint threadState)
    {
        var thread = agent->LastThreadState == threadState ? agent->LastThread : BlockEvents.FindThread(agent, stack, threadState);
        var caller = thread == null || threadState == 0 ? 0 : StackWalk.Capture(agent, thread, threadState);
        if (agent->Unwind.IsOn != 0)
            caller = NativeStack.Join(agent, thread, caller);
        EventWriter.Write(
            agent,
            stack,
            AllocationEvent.PackWord0((ulong)block, kind, domain),
            AllocationEvent.PackWord1(size, thread == null ? (ushort)0 : thread->Index),
            StackTrie.Intern(agent, caller, StackNode.NativeCode, (int)domain));
    }

    /// <summary>
    /// As in the raw domain; 0 when there is none to look at. Once CPython shuts down, other threads' states are freed while those threads, which
    /// CPython stops only when they ask for the GIL, may be busy in C code: only the thread that shuts down is looked at.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nint ThreadState(AgentData* agent)
    {
        var threadState = BlockEvents.ThreadStateFor(agent, AllocatorDomain.Raw);
        return *agent->Native.Finalizing == 0 && agent->Native.FinalizingThread == 0 ? threadState : WhileFinalizing(&agent->Native, threadState);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static nint WhileFinalizing(NativeData* native, nint threadState)
    {
        if (native->FinalizingThread == 0)
            native->FinalizingThread = *native->Finalizing;
        return threadState == native->FinalizingThread ? threadState : 0;
    }
}
