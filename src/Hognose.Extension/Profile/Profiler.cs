using System.Runtime.CompilerServices;
using Hognose.Agent.Hooks;

namespace Hognose.Extension.Profile;

/// <summary>All that the line profiler remembers, in one zeroed block of .bss.</summary>
internal unsafe struct ProfilerData
{
    /// <summary>0: the hooks pass everything through.</summary>
    public int IsCounting;

    /// <summary>1: somebody works on the map or on a thread's figures.</summary>
    public int Lock;

    /// <summary>As in the agent: glibc's <c>__libc_single_threaded</c>, or a zero.</summary>
    public byte* IsSingleThreaded;
    public byte Zero;
    public bool IsOpened;

    public nint LastState;
    public ThreadProfile* LastThread;

    /// <summary>Threads that are in profiled functions, and records that wait to be used again.</summary>
    public ThreadProfile* Threads;
    public ThreadProfile* Spare;
    public BlockMap Blocks;
    public CodeIndex Codes;

    /// <summary>Calls of profiled functions that have begun and not ended: while there are some, the hooks are on.</summary>
    public int OpenCalls;

    /// <summary>Bytes that came and went since RSS was read.</summary>
    public long Moved;
    public ResidentData Resident;

    public PythonAllocator RawOriginal;
    public PythonAllocator MemOriginal;
    public PythonAllocator ObjectOriginal;

    /// <summary>Bit 1 &lt;&lt; domain: our functions stand in front of that allocator, or below somebody else's.</summary>
    public int Hooked;

    /// <summary>Bit 1 &lt;&lt; domain, set by a call: how one learns whether our functions are reached.</summary>
    public int Reached;
    public bool IsProbing;

    public ProfileApi Python;

    /// <summary>Of the package: is asked about code that was never seen.</summary>
    public Python.PyObject* Matcher;

    /// <summary>What a callback answers to be called no more for that place; set before any callback is.</summary>
    public Python.PyObject* Disable;
}

internal static unsafe class Profiler
{
    private static ProfilerData _data;

    public static ProfilerData* State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (ProfilerData*)Unsafe.AsPointer(ref _data);
    }
}
