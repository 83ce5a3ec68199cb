using System.Runtime.InteropServices;

namespace Hognose.Formats.Ring;

/// <summary>How far the agent is; written by the agent only.</summary>
public enum AgentState : uint
{
    /// <summary>No Python with our agent has started on this region yet.</summary>
    Absent = 0,

    /// <summary>The agent wrote the version and waits (bounded) for <see cref="RingHeader.LayoutState"/>.</summary>
    Hello = 1,

    /// <summary>Hooks are on.</summary>
    Recording = 2,

    /// <summary>Hooks pass through; <see cref="RingHeader.StopReason"/> says why.</summary>
    Stopped = 3,
}

/// <summary>Why the agent stopped recording before the program ended.</summary>
public enum AgentStopReason : uint
{
    None = 0,
    NoConsumer = 1,
    LayoutRefused = 2,
    OutOfMemory = 3,
    NodesFull = 4,
    CodesFull = 5,
    NotCPython = 6,
    Detached = 7,

    /// <summary>An earlier recording's hooks are still in the way, and tell all where samples are wanted, or the other way round.</summary>
    OtherHooks = 8,
}

/// <summary>How far an attached agent is with what it was asked for; written by the agent only.</summary>
public enum AttachAnswer : uint
{
    None = 0,
    Done = 1,

    /// <summary>CPython's main thread will do it at its next instruction.</summary>
    Queued = 2,

    /// <summary>The thread was at no suitable place.</summary>
    Again = 3,
    NoPython = 4,
    NoRegion = 5,
    NoMemory = 6,

    /// <summary>As <see cref="AgentStopReason.OtherHooks"/>.</summary>
    OtherHooks = 7,
}

/// <summary>How a recording came about; written by the tool only.</summary>
public enum RecordingOrigin : uint
{
    /// <summary><c>hognose run</c>, or a part of a program that it asked for itself.</summary>
    Program = 0,

    /// <summary><c>hognose attach</c>.</summary>
    Attached = 1,
}

/// <summary>What is to be recorded; written by the tool only.</summary>
[Flags]
public enum RecordingOptions : uint
{
    None = 0,

    /// <summary>Also what C code allocates by malloc, mmap and their kin.</summary>
    NativeAllocations = 1,

    /// <summary>Also the C frames between Python's.</summary>
    NativeStacks = 2,
}

/// <summary>The tool's answer to the agent's hello; written by the tool, but for a fork's child, whose agent has its parent's layout and says so itself.</summary>
public enum LayoutState : uint
{
    Unknown = 0,
    Ready = 1,
    Refused = 2,
}

/// <summary>
/// First page of the shared region. Each side writes only its own cache lines, so that neither slows the other.
/// <code>
///      0  identity      written once by the tool before the program starts
///    128  agent's line  head (events in the ring since the start), written (the same and what is staged), written by the agent
///    192  agent's facts
///    384  tool's line   tail (events read), heartbeat, layout state
///    512  AgentLayout   written by the tool between Hello and Ready
///   2560  stage         the events written - head that wait to go into the ring together; event n stands in place n mod 64
///   4096  ring          EventCapacity × 24 bytes
///   NodeOffset          StackNode[NodeCapacity]
///   CodeOffset          CodeRecord bytes, CodeCapacity long
/// </code>
/// The region is a sparse memfd: what is never touched costs nothing.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
public unsafe struct RingHeader
{
    /// <summary>"HGNRING1" read as little-endian.</summary>
    public const ulong MagicValue = 0x31474E_49524E_4748;
    public const uint CurrentVersion = 6;
    public const int SizeInBytes = 4096;

    /// <summary>A cache line that the other side has read costs the writer a transfer between cores: events go into the ring by whole lines, 24 at a time.</summary>
    public const int StageEvents = 64;
    private const int StageOffset = SizeInBytes - (StageEvents * AllocationEvent.SizeInBytes);

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public uint Version;
    [FieldOffset(12)] public uint EventSize;
    [FieldOffset(16)] public ulong RegionLength;
    [FieldOffset(24)] public ulong EventOffset;

    /// <summary>A power of two.</summary>
    [FieldOffset(32)] public ulong EventCapacity;
    [FieldOffset(40)] public ulong NodeOffset;
    [FieldOffset(48)] public ulong NodeCapacity;
    [FieldOffset(56)] public ulong CodeOffset;
    [FieldOffset(64)] public ulong CodeCapacity;

    /// <summary>Process id of the tool, as the tool sees itself; only a hint, since the program may stand in another PID namespace.</summary>
    [FieldOffset(72)] public uint ToolProcessId;

    [FieldOffset(76)] public RecordingOrigin Origin;

    /// <summary>Repeated in the program's environment, so that a left-over variable of another run claims nothing.</summary>
    [FieldOffset(80)] public ulong Nonce;

    [FieldOffset(88)] public RecordingOptions Options;

    /// <summary>Descriptor, in the tool, of the <see cref="FamilyBoard"/>; 0: processes that this one starts are not recorded.</summary>
    [FieldOffset(92)] public int FamilyDescriptor;

    /// <summary>Only samples are told, one of so many bytes on average; 0: every block.</summary>
    [FieldOffset(96)] public ulong SampleBytes;

    /// <summary>1: the program was met in another PID namespace, where <see cref="ToolProcessId"/> is nobody's, or another's.</summary>
    [FieldOffset(104)] public uint IsToolElsewhere;

    /// <summary>Events put into the ring since the start, a multiple of 64; the slot of event n is n mod EventCapacity. Stored last (release), read first (acquire).</summary>
    [FieldOffset(128)] public ulong Head;

    /// <summary>Events written since the start. Those from <see cref="Head"/> on stand in <see cref="Stage"/>, where the tool looks only when the head has not moved since its last look.</summary>
    [FieldOffset(136)] public ulong Written;

    [FieldOffset(192)] public AgentState AgentState;
    [FieldOffset(196)] public AgentStopReason StopReason;

    /// <summary>Who claimed the region; the tool itself when it takes back one that nobody has claimed.</summary>
    [FieldOffset(200)] public uint ProcessId;

    /// <summary>PY_VERSION_HEX of the interpreter, as CPython's patchlevel.h packs it.</summary>
    [FieldOffset(204)] public uint PythonVersion;
    [FieldOffset(208)] public uint NodeCount;
    [FieldOffset(212)] public uint CodeCount;
    [FieldOffset(216)] public ulong CodeBytes;

    /// <summary>Times and nanoseconds (CLOCK_MONOTONIC) that threads of the target waited for room in the ring.</summary>
    [FieldOffset(224)] public ulong Waits;
    [FieldOffset(232)] public ulong WaitedNanoseconds;

    /// <summary>Events not written after the agent stopped by itself. 0 in a whole recording.</summary>
    [FieldOffset(240)] public ulong LostEvents;
    [FieldOffset(248)] public ulong Forks;

    /// <summary>CLOCK_MONOTONIC nanoseconds when hooks went on.</summary>
    [FieldOffset(256)] public ulong StartedNanoseconds;

    /// <summary>Nanoseconds of process CPU time the agent spent before the hooks were on.</summary>
    [FieldOffset(264)] public ulong StartupNanoseconds;

    /// <summary>Bits: 1 a free-threaded build, 2 a debug build, 4 PyPy; such are refused.</summary>
    [FieldOffset(272)] public uint BuildFlags;

    /// <summary>Frames that found the trie full: their events name the innermost ancestor that is there.</summary>
    [FieldOffset(280)] public ulong TruncatedStacks;

    /// <summary>Code objects that found the code area full: their nodes name code 0.</summary>
    [FieldOffset(288)] public ulong UndescribedCodes;

    /// <summary>1: CPython is about to take itself down, and the program stands before it until <see cref="TearDownAnswered"/>.</summary>
    [FieldOffset(296)] public uint HeldAtTearDown;

    [FieldOffset(300)] public AttachAnswer AttachAnswer;

    /// <summary>Slots of libraries that could not be written: what C code allocates or starts through them is not told.</summary>
    [FieldOffset(304)] public ulong UnhookedSlots;

    /// <summary>1: C code's allocations are told.</summary>
    [FieldOffset(312)] public uint NativeHooksAreOn;

    /// <summary>1: C frames are told.</summary>
    [FieldOffset(316)] public uint NativeStacksAreOn;

    /// <summary>Events whose C frames end before the thread's first function: code without unwind tables, a stack that is not the thread's own, too many frames.</summary>
    [FieldOffset(320)] public ulong CutNativeStacks;

    /// <summary>Who started the process, when it claimed the region; by the time that the tool comes by it may be gone.</summary>
    [FieldOffset(328)] public uint ParentProcessId;

    /// <summary>Events read since the start; written by the tool.</summary>
    [FieldOffset(384)] public ulong Tail;

    /// <summary>Counts up while the tool lives (at least each 100 ms); stands still when it is dead or stopped.</summary>
    [FieldOffset(392)] public ulong Heartbeat;
    [FieldOffset(400)] public LayoutState LayoutState;

    /// <summary>1: the tool asks the agent to stop recording, which looks here when the ring is full.</summary>
    [FieldOffset(404)] public uint StopRequested;

    /// <summary>1: the tool wants to look at the heap before CPython takes it down. Written before the program starts.</summary>
    [FieldOffset(408)] public uint HoldAtTearDown;

    /// <summary>1: the tool has looked.</summary>
    [FieldOffset(412)] public uint TearDownAnswered;

    [FieldOffset(512)] public AgentLayout Layout;

    /// <summary><see cref="StageEvents"/> events.</summary>
    [FieldOffset(StageOffset)] public fixed byte Stage[StageEvents * AllocationEvent.SizeInBytes];
}
