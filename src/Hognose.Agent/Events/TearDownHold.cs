using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>
/// Before CPython takes its heap down, or the process ends without that, the tool may look at it: whoever told of the shutdown waits, while the block that it came to free
/// still lives. A tool that is dead or hangs is waited for as long as for room in the ring.
/// </summary>
internal static unsafe class TearDownHold
{
    private const nint CallPrctl = 157; // x86-64
    private const nint SetTracer = 0x59616d61; // PR_SET_PTRACER

    /// <summary>The caller holds the lock.</summary>
    public static void Wait(AgentData* agent, void* stack)
    {
        var ring = agent->Ring;
        if (ring->HeldAtTearDown != 0 || !TellAll(agent, stack))
            return;
        var errno = *Libc.__errno_location();
        // Where kernel.yama.ptrace_scope is 1 a tool that the program's parent started may not read it else.
        if (ring->IsToolElsewhere == 0)
            Libc.syscall(CallPrctl, SetTracer, (nint)ring->ToolProcessId, 0, 0, 0);
        Volatile.Write(ref ring->HeldAtTearDown, 1);
        RoomInRing.WaitFor(agent, stack, &ring->TearDownAnswered);
        *Libc.__errno_location() = errno;
    }

    /// <summary>The process is about to end without CPython's shutdown. Not for a child of vfork, which has its parent's memory.</summary>
    public static void BeforeExit(AgentData* agent, void* stack)
    {
        var ring = agent->Ring;
        if (agent->Mode != AgentMode.Recording || ring->HoldAtTearDown == 0 || (uint)Libc.getpid() != ring->ProcessId)
            return;
        if (!EventLock.Take(agent, stack))
            return;
        Wait(agent, stack);
        EventLock.Release(agent);
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
