using Hognose.Agent.Events;
using Hognose.Agent.Family;
using Hognose.Agent.Hooks;
using Hognose.Agent.Native;
using Hognose.Agent.Stacks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Start;

/// <summary>What came of it; the package knows the numbers, too.</summary>
internal enum JoinResult
{
    Recording = 0,

    /// <summary>A recording is under way in this process already.</summary>
    AlreadyRecording = 1,
    NotPython = 2,

    /// <summary>The descriptor leads to no region, or to one that was claimed.</summary>
    NoRegion = 3,

    /// <summary>The tool has no layout for this interpreter; it says why.</summary>
    Refused = 4,
    NoAnswer = 5,
    OutOfMemory = 6,

    /// <summary>As <see cref="AgentStopReason.OtherHooks"/>.</summary>
    OtherHooks = 7,
}

/// <summary>
/// Recording a part of a program that runs already, called by the program itself with the GIL. What stands on the stack and what lives is
/// met as it comes: frames are walked at each event anyway, and frees of what is older are told and known to nobody.
/// </summary>
internal static unsafe class Joining
{
    private const long NapNanoseconds = 100_000;

    /// <summary>ns. They look each 100 µs whether recording has ended.</summary>
    private const ulong LongestWaitForThreads = 1_000_000_000;

    public static JoinResult Begin(AgentData* agent, int descriptor, ulong nonce)
    {
        if ((agent->Mode == AgentMode.Recording && !TryLeaveParents(agent)) || !TrySeeOffWaiting(agent))
            return JoinResult.AlreadyRecording;
        if (!PythonApi.TryFind(agent))
            return JoinResult.NotPython;
        RingHandle handle;
        handle.Region = descriptor;
        handle.Library = -1;
        handle.Nonce = nonce;
        var ring = SharedRegion.Claim(handle);
        return ring == null ? JoinResult.NoRegion : Begin(agent, ring);
    }

    /// <summary>Into a region that was claimed.</summary>
    public static JoinResult Begin(AgentData* agent, RingHeader* ring)
    {
        var began = Libc.Nanoseconds(Libc.ClockProcessCpu);
        Forget(agent);
        var answer = Handshake.Greet(ring, isPyPy: false);
        agent->Family.UsesSlots = 1;
        if (answer != LayoutState.Ready || ring->FamilyDescriptor <= 0)
            FamilyMembership.Leave(&agent->Family);
        else
            FamilyMembership.Join(agent, (int)ring->ToolProcessId, ring->FamilyDescriptor, ring->Nonce);
        var trouble = answer == LayoutState.Ready ? Handshake.TryBegin(agent, ring, began) : AgentStopReason.None;
        if (answer == LayoutState.Ready && trouble == AgentStopReason.None)
            return JoinResult.Recording;
        FamilyMembership.Leave(&agent->Family);
        Libc.munmap(ring, (nuint)ring->RegionLength);
        agent->Ring = null;
        if (answer == LayoutState.Ready)
            return trouble == AgentStopReason.OtherHooks ? JoinResult.OtherHooks : JoinResult.OutOfMemory;
        return answer == LayoutState.Refused ? JoinResult.Refused : JoinResult.NoAnswer;
    }

    /// <summary>The tool takes what is staged when it sees the state.</summary>
    public static void End(AgentData* agent)
    {
        byte stack;
        if (agent->Ring == null)
            return;
        // Not to be had: recording ended by itself, and the tool knows.
        if (EventLock.Take(agent, &stack))
        {
            agent->Mode = AgentMode.Off;
            agent->LockAtRest = EventLock.Closed;
            Volatile.Write(ref *(uint*)&agent->Ring->AgentState, (uint)AgentState.Stopped);
            EventLock.Release(agent);
        }
        agent->Mode = AgentMode.Off;
        FamilyMembership.Leave(&agent->Family);
        NativeHooks.Remove(agent);
        HookInstaller.Remove(agent);
        SharedRegion.LetGo(agent->Ring);
    }

    /// <summary>A fork's child that is recorded with its parent asks for a recording of its own. False: it is none.</summary>
    private static bool TryLeaveParents(AgentData* agent)
    {
        if (agent->Family.IsParentsRecording == 0)
            return false;
        End(agent);
        return true;
    }

    /// <summary>Threads that waited for the last recording's tool look at its ring once more before they go on. False: one of them still does.</summary>
    private static bool TrySeeOffWaiting(AgentData* agent)
    {
        for (var patience = new Patience(); patience.Waited < LongestWaitForThreads && Volatile.Read(ref agent->InWait) != 0;)
            patience.Nap(NapNanoseconds);
        return Volatile.Read(ref agent->InWait) == 0;
    }

    /// <summary>Everything that the last recording knew of code, stacks and threads.</summary>
    internal static void Forget(AgentData* agent)
    {
        if (agent->Ring != null)
            SharedRegion.Unmap(agent->Ring);
        agent->Ring = null;
        agent->KnownTail = 0;
        agent->Finalizing = &agent->Never;
        agent->CodeEpoch++;
        if (agent->Trie.Table != null)
            PrivateMemory.GiveBack(agent->Trie.Table, ((nuint)agent->Trie.TableMask + 1) * sizeof(uint));
        if (agent->Codes.Slots != null)
            PrivateMemory.GiveBack(agent->Codes.Slots, ((nuint)agent->Codes.Mask + 1) * (nuint)sizeof(KnownCode));
        if (agent->Codes.Area.Described != null)
            PrivateMemory.GiveBack(agent->Codes.Area.Described, ((nuint)agent->Codes.Area.DescribedMask + 1) * (nuint)sizeof(DescribedCode));
        if (agent->Sampling.Slots != null)
            PrivateMemory.GiveBack(agent->Sampling.Slots, ((nuint)agent->Sampling.Mask + 1) * (nuint)sizeof(nint));
        agent->Sampling.Slots = null;
        Libc.memset(&agent->Trie, 0, (nuint)sizeof(StackTrieData));
        Libc.memset(&agent->Codes, 0, (nuint)sizeof(CodeTableData));
        NodeCache.Clear(agent);
        ThreadTable.RetireAll(agent);
    }
}
