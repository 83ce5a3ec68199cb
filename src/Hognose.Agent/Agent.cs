using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Hognose.Agent.Events;
using Hognose.Agent.Family;
using Hognose.Agent.Hooks;
using Hognose.Agent.Native;
using Hognose.Agent.Sampling;
using Hognose.Agent.Stacks;
using Hognose.Agent.Start;
using Hognose.Agent.Unwinding;
using Hognose.Formats.Ring;

namespace Hognose.Agent;

/// <summary>What the hooks do with an event.</summary>
internal enum AgentMode
{
    /// <summary>Nothing is known of a ring: calls pass through.</summary>
    Off = 0,
    Recording = 1,

    /// <summary>Recording ended before the program: calls pass through and are counted as lost.</summary>
    Stopped = 2,
}

/// <summary>
/// Everything the agent remembers, in one zeroed block of the library's .bss: a static with an initialiser would need the runtime's class
/// constructors. What every event touches comes first.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct AgentData
{
    public AgentMode Mode;

    /// <summary>0: free; <see cref="EventLock.Closed"/>; else the stack address of the holder, by which a signal handler on top of it is recognised.</summary>
    public nuint Lock;

    /// <summary>What the lock holds when nobody does: 0 while there is something to record, then <see cref="EventLock.Closed"/> for good.</summary>
    public nuint LockAtRest;

    /// <summary>The tool's tail as last looked at, so that its cache line is read once a lap and not once a batch.</summary>
    public ulong KnownTail;
    public ulong EventMask;

    /// <summary>glibc's <c>__libc_single_threaded</c> (2.32+): not 0 until a second thread is about to exist. Points to a zero where there is none.</summary>
    public byte* IsSingleThreaded;
    public byte Zero;

    /// <summary>Stays 0: where <see cref="Finalizing"/> points when there is nothing to wait for.</summary>
    public nint Never;
    public AllocationEvent* Events;

    /// <summary>Where events wait for their batch; in the ring's header.</summary>
    public AllocationEvent* Stage;
    public RingHeader* Ring;

    /// <summary>A region that the tool brought into a running program and that waits for the GIL.</summary>
    public RingHeader* Waiting;
    public AttachWish Wish;
    public AgentLayout* Layout;

    /// <summary>CPython's variable of the current thread state, where it is one for all threads (≤ 3.11); null where it must be asked for.</summary>
    public nint* GlobalThreadState;

    /// <summary>Also where the variable was not found. Kept here: a fork's child, which asks too, has no ring to look into.</summary>
    public bool ThreadStateIsGlobal;
    public delegate* unmanaged[SuppressGCTransition]<nint> CurrentThreadState;
    public delegate* unmanaged[SuppressGCTransition]<nint> OwnThreadState;
    public nint LastThreadState;

    /// <summary>The same, also where no event may be taken for one of the last's thread.</summary>
    public nint SeenThreadState;
    public ThreadRecord* LastThread;
    public nint CodeType;

    /// <summary>Where CPython says that it shuts down; <see cref="Never"/> once that was told, or when it is not known.</summary>
    public nint* Finalizing;

    /// <summary>Counts the deaths of code objects that were known; never 0.</summary>
    public uint CodeEpoch;

    public PythonAllocator RawOriginal;
    public PythonAllocator MemOriginal;
    public PythonAllocator ObjectOriginal;

    public StackTrieData Trie;
    public CodeTableData Codes;
    public NodeCacheData NodeCache;
    public ThreadTableData Threads;

    public byte* Chunk;
    public nuint ChunkLeft;
    public PythonApi Python;
    public delegate* unmanaged[SuppressGCTransition]<int, byte*, byte*> NextSetLocale;
    public NestingMarks Nesting;
    public FamilyData Family;
    public int LockIsForFork;

    /// <summary>Threads that wait for the tool, with the lock given back: they go on with the ring that they waited for, so it may not be replaced.</summary>
    public int InWait;
    public int HasForkHandlers;

    /// <summary>Bit 1 &lt;&lt; domain: our functions stand in front of that allocator, or somebody's in front of them.</summary>
    public int Hooked;

    /// <summary>Bool: those functions tell samples only.</summary>
    public int HooksSample;
    public AllocatorTables Tables;
    public NativeData Native;
    public SamplingData Sampling;
    public UnwindData Unwind;
}

internal static unsafe class Agent
{
    private static AgentData _data;

    public static AgentData* State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (AgentData*)Unsafe.AsPointer(ref _data);
    }

    /// <summary>Ends recording for good. The caller holds the lock, or no hook is on yet.</summary>
    public static void Stop(AgentStopReason reason)
    {
        var agent = State;
        if (agent->Mode != AgentMode.Recording)
            return;
        agent->Mode = AgentMode.Stopped;
        agent->LockAtRest = EventLock.Closed;
        agent->Ring->StopReason = reason;
        Volatile.Write(ref *(uint*)&agent->Ring->AgentState, (uint)AgentState.Stopped);
    }
}
