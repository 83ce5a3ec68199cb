using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>Writes events to the ring. The caller holds the lock.</summary>
internal static unsafe class EventWriter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(AgentData* agent, void* stack, ulong word0, ulong word1, ulong word2)
    {
        if (agent->Head - agent->KnownTail > agent->EventMask && !RoomInRing.Make(agent, stack))
            return;
        var head = agent->Head;
        var slot = agent->Events + (head & agent->EventMask);
        slot->Word0 = word0;
        slot->Word1 = word1;
        slot->Word2 = word2;
        agent->Head = head + 1;
        Volatile.Write(ref agent->Ring->Head, head + 1);
    }

    /// <summary>Tells once that CPython shuts down.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void WriteTearDown(AgentData* agent, void* stack)
    {
        agent->Finalizing = null;
        Write(agent, stack, AllocationEvent.PackWord0(0, EventKind.TearDown, AllocatorDomain.Raw), 0, 0);
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
