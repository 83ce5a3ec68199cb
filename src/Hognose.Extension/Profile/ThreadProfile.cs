using System.Runtime.CompilerServices;
using Hognose.Agent;

namespace Hognose.Extension.Profile;

/// <summary>A profiled function that runs: which line it is on, and what its thread had counted when that line began.</summary>
internal unsafe struct RunningCall
{
    public ProfiledCode* Code;

    /// <summary>Under a trace function: the address of the frame object, an identity.</summary>
    public nint Frame;

    /// <summary>Null: on no line yet.</summary>
    public LineCounter* Line;
    public long Allocated;
    public long Freed;
    public long OlderFrees;
    public long Held;
    public long Resident;

    /// <summary>How many calls stand on the thread's stack up to the next outer one that is on the same line; 0: none is.</summary>
    public int OuterOnLine;

    /// <summary>The highest mark of the line that called us, as it stood when our line began.</summary>
    public long OuterHighest;
    public long HeldAtStart;
    public long Highest;

    /// <summary>Under a trace function: a generator that goes on with its line, which was counted when it came to it.</summary>
    public bool IsResumed;

    /// <summary>This call keeps the hooks on, and its end lets go of them.</summary>
    public bool IsOpen;
}

/// <summary>A thread in which profiled functions run: what it allocated and freed since it got this record, and its stack of calls.</summary>
internal unsafe struct ThreadProfile
{
    private const int FirstCalls = 64;

    /// <summary>The thread's PyThreadState: an identity, never followed.</summary>
    public nint State;
    public long Allocated;
    public long Freed;
    public long OlderFrees;

    /// <summary>Allocated less freed, and its highest value since the current line began.</summary>
    public long Held;
    public long Highest;

    /// <summary>As <see cref="Highest"/> was before the last allocation, to take that back.</summary>
    public long HighestBefore;
    public nuint LastBlock;
    public int Depth;

    /// <summary>What the thread allocates now is tracing's own.</summary>
    public bool IsOurs;

    /// <summary>How many wrappers of this thread want the trace function on.</summary>
    public int Traces;
    public RunningCall* Calls;

    /// <summary>For each line of all code: how many calls stand on this thread's stack up to the innermost one that is on it; 0: none is.</summary>
    public int* InnermostOn;

    /// <summary>Those that are under way in this thread, the youngest first.</summary>
    public Measurement* Measurements;
    public ThreadProfile* Next;
    private int _callCapacity;
    private int _lineCapacity;

    /// <summary>False: no memory left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MakeRoom(ThreadProfile* thread, int slots) =>
        (thread->Depth < thread->_callCapacity || GrowCalls(thread)) && (slots <= thread->_lineCapacity || GrowLines(thread, slots));

    private static bool GrowCalls(ThreadProfile* thread)
    {
        var capacity = thread->_callCapacity == 0 ? FirstCalls : thread->_callCapacity * 2;
        var calls = (RunningCall*)Copied(thread->Calls, thread->_callCapacity * sizeof(RunningCall), capacity * sizeof(RunningCall));
        if (calls == null)
            return false;
        thread->Calls = calls;
        thread->_callCapacity = capacity;
        return true;
    }

    private static bool GrowLines(ThreadProfile* thread, int slots)
    {
        var capacity = (slots * 2) + 1024;
        var lines = (int*)Copied(thread->InnermostOn, thread->_lineCapacity * sizeof(int), capacity * sizeof(int));
        if (lines == null)
            return false;
        thread->InnermostOn = lines;
        thread->_lineCapacity = capacity;
        return true;
    }

    private static byte* Copied(void* old, int oldBytes, int bytes)
    {
        var memory = PrivateMemory.Pages((nuint)bytes);
        if (memory == null || old == null)
            return memory;
        Libc.memmove(memory, old, (nuint)oldBytes);
        PrivateMemory.GiveBack(old, (nuint)oldBytes);
        return memory;
    }
}
