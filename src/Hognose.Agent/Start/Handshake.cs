using Hognose.Agent.Events;
using Hognose.Agent.Family;
using Hognose.Agent.Hooks;
using Hognose.Agent.Native;
using Hognose.Agent.Sampling;
using Hognose.Agent.Stacks;
using Hognose.Agent.Unwinding;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Start;

/// <summary>Says which Python this is, waits for the tool's layout, puts the hooks on.</summary>
internal static unsafe class Handshake
{
    private const long NapNanoseconds = 20_000;

    /// <summary>ns. Whether the tool is there is asked later: one in another PID namespace would seem dead, and may be slow on a busy machine.</summary>
    private const ulong ShortestWait = 2_000_000_000;

    private const ulong LongestWait = 10_000_000_000;

    /// <summary>The exit status of a refused program: nothing of it has run yet, and the tool says why.</summary>
    private const int RefusedStatus = 2;

    /// <param name="agent">Of this process.</param>
    /// <param name="ring">Claimed.</param>
    /// <param name="isPyPy">It is not CPython.</param>
    /// <param name="isAsked">The user asked for this very program: if it is refused it ends. Another's child goes on unrecorded.</param>
    /// <param name="began">CPU time of the process, in nanoseconds, when the agent came.</param>
    public static void Run(AgentData* agent, RingHeader* ring, bool isPyPy, bool isAsked, ulong began)
    {
        switch (Greet(ring, isPyPy))
        {
            case LayoutState.Ready:
                TryBegin(agent, ring, began);
                break;
            case LayoutState.Refused:
                Refuse(ring, AgentStopReason.LayoutRefused);
                if (isAsked)
                    Libc._exit(RefusedStatus);
                break;
            default:
                Refuse(ring, AgentStopReason.NoConsumer);
                break;
        }
    }

    /// <summary>Tells the tool which Python this is; returns its answer, or Unknown when none comes.</summary>
    public static LayoutState Greet(RingHeader* ring, bool isPyPy)
    {
        ring->PythonVersion = isPyPy ? 0 : Interpreter.VersionHex();
        ring->BuildFlags = isPyPy ? Interpreter.PyPy : Interpreter.BuildFlags();
        Volatile.Write(ref *(uint*)&ring->AgentState, (uint)AgentState.Hello);
        var patience = new Patience();
        while (Volatile.Read(ref *(uint*)&ring->LayoutState) == (uint)LayoutState.Unknown && MayStillCome(ring, patience))
            patience.Nap(NapNanoseconds);
        return ring->LayoutState;
    }

    private static bool MayStillCome(RingHeader* ring, in Patience patience) =>
        patience.Waited < ShortestWait || (patience.Waited < LongestWait && !RoomInRing.IsToolGone(ring, patience));

    /// <summary>Opens the tables and puts the hooks on; or says why it cannot.</summary>
    public static AgentStopReason TryBegin(AgentData* agent, RingHeader* ring, ulong began)
    {
        var trouble = !Open(agent, ring) ? AgentStopReason.OutOfMemory
            : HookInstaller.MakeWay(agent) ? AgentStopReason.None : AgentStopReason.OtherHooks;
        if (trouble == AgentStopReason.None)
            SwitchOn(agent, ring, began);
        else
            Refuse(ring, trouble);
        return trouble;
    }

    /// <summary>In a fork's child, which has its parent's hooks and layout: nothing is waited for.</summary>
    public static bool TryGoOn(AgentData* agent, RingHeader* ring, FamilyData* family, ulong began)
    {
        ring->PythonVersion = family->PythonVersion;
        ring->BuildFlags = family->BuildFlags;
        ring->Layout = family->Layout;
        Volatile.Write(ref *(uint*)&ring->LayoutState, (uint)LayoutState.Ready);
        var isOpen = Open(agent, ring);
        if (isOpen)
            Record(agent, ring, began);
        else
            Refuse(ring, AgentStopReason.OutOfMemory);
        return isOpen;
    }

    private static void Refuse(RingHeader* ring, AgentStopReason reason)
    {
        ring->StopReason = reason;
        Volatile.Write(ref *(uint*)&ring->AgentState, (uint)AgentState.Stopped);
    }

    private static bool Open(AgentData* agent, RingHeader* ring)
    {
        agent->Ring = ring;
        agent->IsSingleThreaded = (byte*)PythonApi.Find("__libc_single_threaded"u8);
        if (agent->IsSingleThreaded == null)
            agent->IsSingleThreaded = &agent->Zero;
        agent->Layout = &ring->Layout;
        agent->Events = (AllocationEvent*)((byte*)ring + ring->EventOffset);
        agent->Stage = (AllocationEvent*)ring->Stage;
        agent->EventMask = ring->EventCapacity - 1;
        agent->CodeEpoch = 1;
        ThreadTable.Forget(agent);
        return SharedPages.Back(agent->Events, agent->Events + ring->EventCapacity)
            && StackTrie.Open(agent, ring)
            && CodeTable.Open(agent)
            && CodeDescription.Open(agent, ring)
            && SampledBlocks.Open(agent, ring)
            && NativeStack.Open(agent, ring)
            && ForkHandlers.Register();
    }

    private static void SwitchOn(AgentData* agent, RingHeader* ring, ulong began)
    {
        FindRuntime(agent);
        agent->Mode = AgentMode.Recording;
        agent->LockAtRest = 0;
        EventLock.Release(agent);
        HookInstaller.Install(agent);
        NativeHooks.Install(agent, NativeHooks.Wanted(agent));
        Tell(ring, began);
    }

    private static void Record(AgentData* agent, RingHeader* ring, ulong began)
    {
        FindRuntime(agent);
        // A fork's child inherits the slots.
        ring->NativeHooksAreOn = NativeHooks.TellBlocks(agent) ? 1u : 0;
        Tell(ring, began);
        agent->Mode = AgentMode.Recording;
        agent->LockAtRest = 0;
        EventLock.Release(agent);
    }

    private static void FindRuntime(AgentData* agent)
    {
        var runtime = (byte*)PythonApi.Find("_PyRuntime"u8);
        agent->Finalizing = runtime != null && agent->Layout->RuntimeFinalizing >= 0
            ? (nint*)(runtime + agent->Layout->RuntimeFinalizing)
            : &agent->Never;
        agent->ThreadStateIsGlobal = agent->Layout->RuntimeCurrentThread >= 0;
        agent->GlobalThreadState = runtime != null && agent->Layout->RuntimeCurrentThread >= 0
            ? (nint*)(runtime + agent->Layout->RuntimeCurrentThread)
            : null;
    }

    private static void Tell(RingHeader* ring, ulong began)
    {
        ring->StartedNanoseconds = Libc.Nanoseconds(Libc.ClockMonotonic);
        ring->StartupNanoseconds = Libc.Nanoseconds(Libc.ClockProcessCpu) - began;
        Volatile.Write(ref *(uint*)&ring->AgentState, (uint)AgentState.Recording);
    }
}
