using Hognose.Agent.Family;
using Hognose.Agent.Native;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Events;

/// <summary>
/// A fork's child inherits the mapping: without these it would write into its parent's ring. The lock is held across the fork, so that the
/// child's copy of our tables is whole; the child then stays silent until it allocates (<see cref="ForkedChild"/>), or for good.
/// </summary>
internal static unsafe class ForkHandlers
{
    /// <summary>Once a process, however many recordings it sees. False: no memory left.</summary>
    public static bool Register()
    {
        var agent = Agent.State;
        if (agent->HasForkHandlers == 0 && Libc.pthread_atfork((delegate*<void>)&Prepare, (delegate*<void>)&InParent, (delegate*<void>)&InChild) == 0)
            agent->HasForkHandlers = 1;
        return agent->HasForkHandlers != 0;
    }

    private static void Prepare()
    {
        byte stack;
        var agent = Agent.State;
        NativeHooks.BeforeFork(agent);
        if (agent->Mode == AgentMode.Recording && EventLock.Take(agent, &stack))
            agent->LockIsForFork = 1;
    }

    private static void InParent()
    {
        byte stack;
        var agent = Agent.State;
        NativeHooks.AfterFork(agent);
        if (agent->LockIsForFork == 0)
            return;
        agent->LockIsForFork = 0;
        var forks = ++agent->Ring->Forks;
        EventWriter.Write(agent, &stack, AllocationEvent.PackWord0(0, EventKind.Fork, AllocatorDomain.Raw), AllocationEvent.PackWord1(forks, 0), 0);
        EventLock.Release(agent);
    }

    private static void InChild()
    {
        var agent = Agent.State;
        NativeHooks.AfterFork(agent);
        // What waits for the GIL is the parent's.
        if (agent->Waiting != null)
            Libc.munmap(agent->Waiting, (nuint)agent->Waiting->RegionLength);
        agent->Waiting = null;
        agent->Wish = Start.AttachWish.None;
        if (agent->Ring == null)
            return;
        ForkedChild.Prepare(agent);
        agent->Mode = AgentMode.Off;
        agent->LockAtRest = EventLock.Closed;
        agent->LockIsForFork = 0;
        agent->InWait = 0;
        EventLock.Release(agent);
        Start.SharedRegion.Unmap(agent->Ring);
        agent->Ring = null;
    }
}
