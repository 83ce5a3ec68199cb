using System.Runtime.CompilerServices;
using Hognose.Agent.Family;

namespace Hognose.Agent.Events;

/// <summary>
/// One lock around an event: raw-domain calls come without the GIL. Uncontended it costs one locked instruction, and while the program has one thread
/// none: there is nobody to race with but a signal handler, which runs to its end before this goes on. A thread that cannot have
/// it in bounded time loses its event, counted, rather than hang the program: the holder may be this very thread under a signal handler,
/// or be stopped by a debugger.
/// </summary>
internal static unsafe class EventLock
{
    /// <summary>Recording has ended: nobody takes it any more. No stack is at this address.</summary>
    public const nuint Closed = 1;

    private const int Spins = 200;
    private const long NapNanoseconds = 50_000;

    private const ulong NanosecondsForAnother = 10_000_000_000;
    private const ulong NanosecondsForOurselves = 50_000_000;

    /// <summary>A signal frame with AVX-512 state is under 4 KiB; the handler's own frames come on top.</summary>
    private const nuint SignalFrameReach = 16 * 1024;

    /// <summary>True: there is something to record, and nobody else does it now. False: the event is lost, and was counted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Take(AgentData* agent, void* stack)
    {
        if ((agent->Lock | (*agent->IsSingleThreaded == 0 ? 1u : 0)) != 0)
            return TakeShared(agent, (nuint)stack);
        agent->Lock = (nuint)stack;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(AgentData* agent) => Volatile.Write(ref agent->Lock, agent->LockAtRest);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TakeShared(AgentData* agent, nuint stack) =>
        (*agent->IsSingleThreaded == 0 && Interlocked.CompareExchange(ref agent->Lock, stack, 0) == 0) || TakeContended(agent, stack);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TakeContended(AgentData* agent, nuint stack)
    {
        for (var spin = 0; spin < Spins && Volatile.Read(ref agent->Lock) != Closed; spin++)
        {
            if (Volatile.Read(ref agent->Lock) == 0 && Interlocked.CompareExchange(ref agent->Lock, stack, 0) == 0)
                return true;
            System.Runtime.Intrinsics.X86.X86Base.Pause();
        }
        if (Volatile.Read(ref agent->Lock) != Closed)
            return TakeAsleep(agent, stack);
        return ForkedChild.TryBegin(agent) ? TakeContended(agent, stack) : Lose(agent);
    }

    /// <summary>A fork's child that is not recorded has no ring: there nothing is lost.</summary>
    private static bool Lose(AgentData* agent)
    {
        if (agent->Mode != AgentMode.Off)
            Interlocked.Increment(ref agent->Ring->LostEvents);
        return false;
    }

    private static bool TakeAsleep(AgentData* agent, nuint stack)
    {
        var errno = *Libc.__errno_location();
        var taken = TakeWithNaps(agent, stack);
        *Libc.__errno_location() = errno;
        return taken;
    }

    private static bool TakeWithNaps(AgentData* agent, nuint stack)
    {
        var holder = Volatile.Read(ref agent->Lock);
        var most = holder - stack < SignalFrameReach ? NanosecondsForOurselves : NanosecondsForAnother;
        for (var patience = new Patience(); patience.Waited < most && Volatile.Read(ref agent->Lock) != Closed; patience.Nap(NapNanoseconds))
            if (Interlocked.CompareExchange(ref agent->Lock, stack, 0) == 0)
                return true;
        return Lose(agent);
    }
}
