using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>
/// Before CPython takes its heap down the tool may look at it: whoever told of the shutdown waits, while the block that it came to free still lives.
/// A tool that is dead or hangs is waited for as long as for room in the ring. The caller holds the lock.
/// </summary>
internal static unsafe class TearDownHold
{
    public static void Wait(AgentData* agent, void* stack)
    {
        if (!TellAll(agent, stack))
            return;
        var ring = agent->Ring;
        var errno = *Libc.__errno_location();
        Volatile.Write(ref ring->HeldAtTearDown, 1);
        RoomInRing.WaitFor(agent, stack, &ring->TearDownAnswered);
        *Libc.__errno_location() = errno;
    }

    /// <summary>The ring takes whole batches only.</summary>
    private static bool TellAll(AgentData* agent, void* stack)
    {
        var ring = agent->Ring;
        for (var left = RingHeader.StageEvents; left > 0 && ring->Written % RingHeader.StageEvents != 0; left--)
            EventWriter.Write(agent, stack, AllocationEvent.PackWord0(0, EventKind.Padding, AllocatorDomain.Raw), 0, 0);
        return Stage.MakeRoom(agent, stack);
    }
}
