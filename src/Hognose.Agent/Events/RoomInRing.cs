using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>
/// What a thread does when the ring is full: it waits as long as the tool lives, with the lock given back while it sleeps.
/// </summary>
internal static unsafe class RoomInRing
{
    private const long NapNanoseconds = 100_000;

    /// <summary>ns without a heartbeat: the tool hangs or is stopped.</summary>
    private const ulong LongestSilence = 10_000_000_000;

    /// <summary>ns without a heartbeat, and no such process: the tool is dead. Without the first condition a tool in another PID namespace would seem dead.</summary>
    private const ulong SilenceBeforeLookingForTool = 500_000_000;

    private const int NoSuchProcess = 3;

    /// <summary>False: recording has stopped and the event is lost.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Make(AgentData* agent, void* stack)
    {
        var ring = agent->Ring;
        // The program may look at errno after an allocation.
        var errno = *Libc.__errno_location();
        var began = Libc.Nanoseconds(Libc.ClockMonotonic);
        Interlocked.Increment(ref agent->InWait);
        var room = Wait(agent, stack, null);
        ring->Waits++;
        ring->WaitedNanoseconds += Libc.Nanoseconds(Libc.ClockMonotonic) - began;
        if (!room)
            ring->LostEvents++;
        Interlocked.Decrement(ref agent->InWait);
        *Libc.__errno_location() = errno;
        return room;
    }

    /// <summary>For all that is staged.</summary>
    public static bool IsThere(AgentData* agent)
    {
        var ring = agent->Ring;
        if (ring->Written - agent->KnownTail <= agent->EventMask + 1)
            return true;
        agent->KnownTail = Volatile.Read(ref ring->Tail);
        return ring->Written - agent->KnownTail <= agent->EventMask + 1;
    }

    /// <summary>Waits until the tool has written <paramref name="answer"/>.</summary>
    public static bool WaitFor(AgentData* agent, void* stack, uint* answer)
    {
        Interlocked.Increment(ref agent->InWait);
        var came = Wait(agent, stack, answer);
        Interlocked.Decrement(ref agent->InWait);
        return came;
    }

    /// <param name="agent">Counts us among those who wait.</param>
    /// <param name="stack">Of the caller, who holds the lock.</param>
    /// <param name="answer">Null: until there is room.</param>
    private static bool Wait(AgentData* agent, void* stack, uint* answer)
    {
        var ring = agent->Ring;
        var heartbeat = Volatile.Read(ref ring->Heartbeat);
        var silence = new Patience();
        while (answer != null ? Volatile.Read(ref *answer) == 0 : !IsThere(agent))
        {
            if (Volatile.Read(ref ring->Heartbeat) != heartbeat)
            {
                heartbeat = Volatile.Read(ref ring->Heartbeat);
                silence.Reset();
            }
            if (ring->StopRequested != 0 || silence.Waited > LongestSilence || IsToolGone(ring, silence))
            {
                Agent.Stop(ring->StopRequested != 0 ? AgentStopReason.Detached : AgentStopReason.NoConsumer);
                return false;
            }
            var fell = Libc.Nanoseconds(Libc.ClockMonotonic);
            EventLock.Release(agent);
            Libc.Sleep(NapNanoseconds);
            TakeBack(agent, stack);
            silence.Count(fell);
            if (agent->Mode != AgentMode.Recording)
                return false;
        }
        return true;
    }

    /// <summary>Without giving up, unless recording has ended: the caller will release the lock and must hold it. Nobody keeps it while asleep.</summary>
    private static void TakeBack(AgentData* agent, void* stack)
    {
        while (Interlocked.CompareExchange(ref agent->Lock, (nuint)stack, 0) is not (0 or EventLock.Closed))
            Libc.Sleep(NapNanoseconds);
    }

    /// <summary>After some silence of the tool.</summary>
    public static bool IsToolGone(RingHeader* ring, in Patience silence) =>
        silence.Waited > SilenceBeforeLookingForTool
        && ring->ToolProcessId != 0
        && ring->IsToolElsewhere == 0
        && ((Libc.kill((int)ring->ToolProcessId, 0) != 0 && *Libc.__errno_location() == NoSuchProcess) || IsZombie(ring->ToolProcessId));

    /// <summary>A tool that a program itself started stays one until that program asks for its status, which is left to it.</summary>
    private static bool IsZombie(uint process)
    {
        StatusRoom room;
        var text = Text.Append(&room.First, Text.C("/proc/"u8));
        Text.Append(Text.Append(text, process), Text.C("/stat"u8));
        var opened = Libc.open(&room.First, Libc.OpenCloseOnExec);
        var length = opened < 0 ? 0 : (int)Libc.read(opened, &room.First, StatusRoom.Bytes);
        if (opened >= 0)
            Libc.close(opened);
        // "PID (NAME) STATE …"; the last bracket, since a name may have some.
        var at = &room.First + length - 1;
        while (at > &room.First && *at != (byte)')')
            at--;
        return at > &room.First && at + 2 < &room.First + length && at[2] == (byte)'Z';
    }

    /// <summary>Room for what stands before the numbers: 10 digits, a name of 15 bytes (TASK_COMM_LEN), a state.</summary>
    [StructLayout(LayoutKind.Explicit, Size = Bytes)]
    private struct StatusRoom
    {
        public const int Bytes = 64;

        [FieldOffset(0)] public byte First;
    }
}
