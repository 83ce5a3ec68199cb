using System.Runtime.CompilerServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>
/// Where events wait until there are enough for a batch. The tool does not touch these lines while batches come, so writing one costs no transfer
/// between cores; when none came it reads what is there but the last, which alone may still be changed; they are in shared memory, so a killed program loses
/// none. The caller holds the lock.
/// </summary>
internal static unsafe class Stage
{
    /// <summary>
    /// The stage is full or was never used: puts what is there into the ring. While this waits for room, without the lock, another thread may have done
    /// it and begun anew. False: recording has stopped and the next event is lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool MakeRoom(AgentData* agent, void* stack)
    {
        var ring = agent->Ring;
        while (IsFull(ring))
        {
            if (!RoomInRing.IsThere(agent) && !RoomInRing.Make(agent, stack))
                return false;
            if (IsFull(ring))
                Publish(agent, ring);
        }
        return true;
    }

    private static bool IsFull(RingHeader* ring) => ring->Written - ring->Head >= RingHeader.StageEvents;

    private static void Publish(AgentData* agent, RingHeader* ring)
    {
        Libc.memmove(agent->Events + (ring->Head & agent->EventMask), agent->Stage, RingHeader.StageEvents * AllocationEvent.SizeInBytes);
        agent->Stage[RingHeader.StageEvents - 1].Word0 = 0;
        Volatile.Write(ref ring->Head, ring->Head + RingHeader.StageEvents);
    }
}
