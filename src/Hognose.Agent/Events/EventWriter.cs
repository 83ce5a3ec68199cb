using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>Writes events to the ring. The caller holds the lock.</summary>
internal static unsafe class EventWriter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(AgentData* agent, void* stack, ulong word0, ulong word1, ulong word2)
    {
        var ring = agent->Ring;
        if (ring->Written % RingHeader.StageEvents == 0 && !Stage.MakeRoom(agent, stack))
            return;
        var written = ring->Written;
        var slot = agent->Stage + (written % RingHeader.StageEvents);
        slot->Word0 = word0;
        slot->Word1 = word1;
        slot->Word2 = word2;
        Volatile.Write(ref ring->Written, written + 1);
    }

    /// <summary>
    /// The block about to be freed is the one that the last event allocated: that event tells of both, and half the traffic of short-lived objects
    /// is saved. False: it is another, or that event has left the stage (<see cref="Stage"/> leaves none of it there).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MakeLastTemporary(AgentData* agent, byte* block, AllocatorDomain domain)
    {
        var ring = agent->Ring;
        var last = agent->Stage + ((ring->Written - 1) % RingHeader.StageEvents);
        if (last->Word0 != AllocationEvent.PackWord0((ulong)block, EventKind.Allocate, domain))
            return false;
        last->Word0 = AllocationEvent.PackWord0((ulong)block, EventKind.Temporary, domain);
        return true;
    }

    /// <summary>Tells once that CPython shuts down.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteTearDown(AgentData* agent, void* stack)
    {
        agent->Finalizing = &agent->Never;
        Write(agent, stack, AllocationEvent.PackWord0(0, EventKind.TearDown, AllocatorDomain.Raw), 0, 0);
        if (agent->Ring->HoldAtTearDown != 0)
            TearDownHold.Wait(agent, stack);
    }

    /// <summary>Tells of a thread when it is seen first.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteThread(AgentData* agent, void* stack, nint threadState, ushort index)
    {
        var offset = agent->Layout->ThreadNativeId;
        var kernelId = threadState != 0 && offset >= 0 ? *(ulong*)(threadState + offset) : 0;
        Write(
            agent,
            stack,
            AllocationEvent.PackWord0((ulong)threadState, EventKind.Thread, AllocatorDomain.Raw),
            AllocationEvent.PackWord1(kernelId, index),
            0);
    }
}
