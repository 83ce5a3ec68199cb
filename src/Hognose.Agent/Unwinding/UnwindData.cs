namespace Hognose.Agent.Unwinding;

/// <summary>What is known of C code's stacks; part of <see cref="AgentData"/>. All of it belongs to who holds the event lock.</summary>
internal unsafe struct UnwindData
{
    public const int ThreadBuckets = 64;

    /// <summary>Bool: the C frames of each allocation are told.</summary>
    public int IsOn;

    /// <summary>From a local of <see cref="OwnFrame"/> to that frame's canonical frame address: the same in every call.</summary>
    public nint OwnFrameOffset;

    public UnwindRule* Rules;
    public uint RuleMask;
    public uint RuleCount;

    public LoadedModule* Modules;
    public int ModuleCount;

    /// <summary><see cref="NativeStack.LongestWalk"/> frames, innermost first.</summary>
    public WalkedFrame* Pending;
    public UnwindScratch* Scratch;

    /// <summary>Times that /proc/self/maps may still be read: code without unwind tables must not have it read again and again.</summary>
    public int LooksLeft;

    /// <summary>/proc/self/mem while something is looked up.</summary>
    public int Memory;
    public fixed ulong Threads[ThreadBuckets];
}

/// <summary>Buffers that are too large for the program's stack.</summary>
internal unsafe struct UnwindScratch
{
    public const int LongestDescription = 32 * 1024;
    public const int LongestCommon = 1024;
    public const int LongestPath = 4096;
    public const int Headers = 4096;
    public const int DeepestState = 16;

    public fixed byte Description[LongestDescription];
    public fixed byte Common[LongestCommon];

    /// <summary>Of the ELF file whose mapping was met last, and its length.</summary>
    public fixed byte Path[LongestPath];
    public fixed byte Maps[MappingLines.Capacity];
    public fixed byte Program[Headers];
    public fixed byte Notes[Headers];

    /// <summary><c>ucontext_t</c>, 968 bytes.</summary>
    public fixed byte Context[1024];
    public fixed ulong States[DeepestState * 8];
}

/// <summary>How the caller of a place in the code is found: the row of its call frame table (DWARF 5, 6.4).</summary>
internal struct UnwindRule
{
    public const byte Frame = 1;

    /// <summary>No caller: the thread's first function.</summary>
    public const byte Outermost = 2;

    /// <summary>No unwind table covers it, or one that says it in a way that isn't understood.</summary>
    public const byte Unknown = 3;

    /// <summary>The return address that was looked up; 0: the place is free.</summary>
    public nuint Pc;

    /// <summary>From the register to the canonical frame address, the stack pointer before the call.</summary>
    public int CfaOffset;

    /// <summary>From there to the caller's rbp; 0: it is still in the register.</summary>
    public int RbpOffset;
    public uint Module;

    /// <summary>The address as the module's file has it.</summary>
    public int Place;
    public byte Kind;

    /// <summary>Bool: counted from rbp, else from rsp.</summary>
    public byte IsFromRbp;

    /// <summary>Bool: the agent's own code, which is not told.</summary>
    public byte IsOwn;

    /// <summary>Bool: the caller's rbp is not to be had.</summary>
    public byte LosesRbp;
    public uint Reserved;
}

/// <summary>An executable or library in memory.</summary>
internal struct LoadedModule
{
    public nuint Start;
    public nuint End;

    /// <summary>From an address in the file to one in memory.</summary>
    public nuint Bias;

    /// <summary>Its <c>.eh_frame_hdr</c>; 0: it has none.</summary>
    public nuint FrameTable;
    public nuint FrameTableBytes;

    /// <summary><c>e_shoff</c>: tells whether the file is still the one that was there.</summary>
    public ulong SectionOffset;
    public uint Id;
    public byte IsOwn;
}

/// <summary>A frame of C code on a thread's stack.</summary>
internal struct WalkedFrame
{
    public nuint Pc;

    /// <summary>rsp in it, after the call that is under way has returned. The return address of that call, <see cref="Pc"/>, stands below it.</summary>
    public nuint Sp;
    public nuint Rbp;

    /// <summary>Where <see cref="Rbp"/> was read; 0: not known.</summary>
    public nuint RbpSlot;
    public uint Module;
    public int Place;

    /// <summary>The trie node of the chain that ends with this frame.</summary>
    public uint Node;

    /// <summary>Bool: a frame of Python's lies in it, as only the one does with which CPython begins an evaluation (3.12+).</summary>
    public uint HoldsEntry;
}

/// <summary>A thread's own stack, and the chain of frames that its last event had.</summary>
internal unsafe struct ThreadStack
{
    /// <summary><c>pthread_self()</c></summary>
    public nuint Thread;
    public ThreadStack* Next;

    /// <summary>Between them all is mapped from the stack pointer upwards. Both 0: not looked up.</summary>
    public nuint Low;
    public nuint High;

    /// <summary>Outermost first.</summary>
    public WalkedFrame* Chain;
    public int Depth;
    public int Capacity;

    /// <summary>Bool: the chain does not reach the thread's first function.</summary>
    public int IsCut;
}
