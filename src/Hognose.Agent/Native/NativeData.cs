namespace Hognose.Agent.Native;

/// <summary>What the native hooks know; part of <see cref="AgentData"/>. Arrays are indexed by <see cref="NativeFunction"/>.</summary>
internal unsafe struct NativeData
{
    public const int FunctionCount = (int)NativeFunction.Count;

    /// <summary>The definition that the program's own calls reach: libc's, or that of an allocator preloaded before it. 0: there is none.</summary>
    public fixed ulong Originals[FunctionCount];

    /// <summary>
    /// The address that pointers to the function hold, which is not that of the definition in an executable at a fixed address: there it is
    /// an entry of the executable's own procedure linkage table.
    /// </summary>
    public fixed ulong Aliases[FunctionCount];
    public fixed ulong Hooks[FunctionCount];
    public fixed uint Hashes[FunctionCount];

    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> Malloc;
    public delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*> Calloc;
    public delegate* unmanaged[SuppressGCTransition]<byte*, nuint, byte*> Realloc;
    public delegate* unmanaged[SuppressGCTransition]<byte*, void> Free;
    public delegate* unmanaged[SuppressGCTransition]<byte**, nuint, nuint, int> PosixMemalign;
    public delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*> AlignedAlloc;
    public delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*> Memalign;
    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> Valloc;
    public delegate* unmanaged[SuppressGCTransition]<nuint, byte*> Pvalloc;
    public delegate* unmanaged[SuppressGCTransition]<byte*, nuint, int, int, int, long, byte*> Mmap;
    public delegate* unmanaged[SuppressGCTransition]<byte*, nuint, int> Munmap;
    public delegate* unmanaged[SuppressGCTransition]<byte*, nuint, nuint, int, byte*, byte*> Mremap;

    /// <summary>A managed pointer, so that the call is a jump: dlsym looks at its return address to tell whose scope is meant.</summary>
    public delegate*<void*, byte*, void*> Dlsym;

    /// <summary>Libraries that the loader had added so far when slots were last gone through (<c>dlpi_adds</c>).</summary>
    public ulong KnownAdds;

    /// <summary>1: a thread goes through the list of libraries, or forks.</summary>
    public int IsPatching;
    public int IsHeldForFork;

    /// <summary>Bool: our functions stand in the slots.</summary>
    public int IsOn;

    /// <summary>Which of them.</summary>
    public NativeGroups Groups;

    /// <summary>/proc/self/mem while slots are gone through.</summary>
    public int Memory;

    /// <summary>Where CPython says that it shuts down, and the thread state that it said when that was seen first.</summary>
    public nint* Finalizing;
    public nint FinalizingThread;
}
