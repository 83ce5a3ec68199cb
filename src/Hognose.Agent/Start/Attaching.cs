using System.Runtime;
using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Start;

/// <summary>What the tool wants of a program that runs already. The numbers are the tool's, too (<c>AgentCall</c>).</summary>
internal enum AttachWish
{
    None = 0,
    Begin = 1,
    End = 2,
}

/// <summary>Where the thread stood that the tool had make the call, and so how the GIL may be had.</summary>
internal enum AttachWay
{
    /// <summary>In the interpreter's own code: it has the GIL, or is about to take it or to give it up.</summary>
    InPython = 0,

    /// <summary>Asleep in the kernel: it may wait for the GIL in between, as it would have to afterwards.</summary>
    Asleep = 1,

    /// <summary>
    /// In some C code, or already waiting for the GIL, where waiting a second time would hang (the condition variable's signaller waits
    /// for the first waiter): the main thread does it at its next instruction.
    /// </summary>
    InCode = 2,
}

/// <summary>
/// What the tool calls in a stopped thread of the program, by its registers. The call takes nothing of the program with it: errno is put back here,
/// registers and signals by the tool, or by the kernel if the tool dies meanwhile.
/// </summary>
internal static unsafe class Attaching
{
    /// <param name="region">Descriptor of the region; -1: the one that was given before.</param>
    /// <param name="library">Descriptor that this library was loaded from; -1: none.</param>
    [RuntimeExport("hognose_agent_ask")]
    public static void Ask(AttachWish wish, AttachWay way, int region, int library, ulong nonce)
    {
        var agent = Agent.State;
        var errno = *Libc.__errno_location();
        if (region >= 0)
            Take(agent, region, nonce);
        if (library >= 0)
            Libc.close(library);
        agent->Wish = wish;
        Answer(agent, Events.ForkHandlers.Register() ? WithGil(agent, way) : AttachAnswer.NoMemory);
        *Libc.__errno_location() = errno;
    }

    private static void Take(AgentData* agent, int region, ulong nonce)
    {
        if (agent->Waiting != null)
            Libc.munmap(agent->Waiting, (nuint)agent->Waiting->RegionLength);
        RingHandle handle;
        handle.Region = region;
        handle.Library = -1;
        handle.Nonce = nonce;
        agent->Waiting = SharedRegion.Claim(handle);
        Libc.close(region);
    }

    private static AttachAnswer WithGil(AgentData* agent, AttachWay way)
    {
        if (!PythonApi.TryFind(agent))
            return AttachAnswer.NoPython;
        var ensure = (delegate* unmanaged[SuppressGCTransition]<int>)PythonApi.Find("PyGILState_Ensure"u8);
        var release = (delegate* unmanaged[SuppressGCTransition]<int, void>)PythonApi.Find("PyGILState_Release"u8);
        var addPendingCall = (delegate* unmanaged[SuppressGCTransition]<void*, void*, int>)PythonApi.Find("Py_AddPendingCall"u8);
        if (ensure == null || release == null || addPendingCall == null)
            return AttachAnswer.NoPython;
        if (way == AttachWay.InCode)
            return addPendingCall((delegate*<void*, int>)&Pending, null) == 0 ? AttachAnswer.Queued : AttachAnswer.Again;
        if (HasGil(agent))
            return Fulfil(agent);
        if (way != AttachWay.Asleep)
            return AttachAnswer.Again;
        var state = ensure();
        var answer = Fulfil(agent);
        release(state);
        return answer;
    }

    /// <summary>Up to 3.11 the current state is one for all threads, and then another thread's than this one's own.</summary>
    private static bool HasGil(AgentData* agent)
    {
        var own = agent->OwnThreadState();
        return own != 0 && agent->CurrentThreadState() == own;
    }

    /// <summary>CPython's main thread, between two instructions, with the GIL. Never fails: a failure would be raised there.</summary>
    private static int Pending(void* unused)
    {
        var agent = Agent.State;
        var errno = *Libc.__errno_location();
        Answer(agent, Fulfil(agent));
        *Libc.__errno_location() = errno;
        return 0;
    }

    private static AttachAnswer Fulfil(AgentData* agent)
    {
        // Also a thread that this call was put on top of: it goes on with the ring of a tool that has died. It gives up in a moment.
        if (Volatile.Read(ref agent->InWait) != 0)
            return AttachAnswer.Again;
        var wish = agent->Wish;
        agent->Wish = AttachWish.None;
        switch (wish)
        {
            case AttachWish.Begin:
                return Begin(agent);
            case AttachWish.End:
                Joining.End(agent);
                return AttachAnswer.Done;
            default:
                return AttachAnswer.Done;
        }
    }

    private static AttachAnswer Begin(AgentData* agent)
    {
        var ring = agent->Waiting;
        if (ring == null)
            return AttachAnswer.NoRegion;
        // The tool gave up while this waited for its turn.
        if (ring->LayoutState != LayoutState.Ready)
        {
            agent->Waiting = null;
            Libc.munmap(ring, (nuint)ring->RegionLength);
            return AttachAnswer.Done;
        }
        // A tool that died left its recording behind; whether it lives was looked at from outside.
        Joining.End(agent);
        // They came since Fulfil looked.
        if (Volatile.Read(ref agent->InWait) != 0)
            return AttachAnswer.Again;
        agent->Waiting = null;
        return Joining.Begin(agent, ring) switch
        {
            JoinResult.Recording => AttachAnswer.Done,
            JoinResult.OtherHooks => AttachAnswer.OtherHooks,
            _ => AttachAnswer.NoMemory,
        };
    }

    /// <summary>Into the region that is asked about: the one that waits, else the one in use.</summary>
    private static void Answer(AgentData* agent, AttachAnswer answer)
    {
        var ring = agent->Waiting != null ? agent->Waiting : agent->Ring;
        if (ring != null)
            Volatile.Write(ref *(uint*)&ring->AttachAnswer, (uint)answer);
    }
}
