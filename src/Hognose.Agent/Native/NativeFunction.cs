namespace Hognose.Agent.Native;

/// <summary>What hooks in slots are for.</summary>
[Flags]
internal enum NativeGroups
{
    None = 0,

    /// <summary>C code's own allocations are told.</summary>
    Blocks = 1,

    /// <summary>
    /// Programs that this one starts are led into the recording (<see cref="Family.ExecHooks"/>, <see cref="Family.ShellHooks"/>), and forked ones are met at their end
    /// (<see cref="Family.ExitHook"/>).
    /// </summary>
    Starts = 2,

    /// <summary>The process is met before it ends without CPython's shutdown (<see cref="Family.ExitHook"/>).</summary>
    Ends = 4,
}

/// <summary>The functions of libc that native hooks stand in for, in the order of <see cref="NativeNames"/>.</summary>
internal enum NativeFunction
{
    Malloc = 0,
    Calloc,
    Realloc,
    Free,
    PosixMemalign,
    AlignedAlloc,
    Memalign,
    Valloc,
    Pvalloc,
    Mmap,

    /// <summary>The same function as <see cref="Mmap"/>: what a program compiled with 64-bit file offsets calls.</summary>
    Mmap64,
    Munmap,
    Mremap,

    /// <summary>Not an allocator: who loads a library asks for its symbols next, before any of its code runs.</summary>
    Dlsym,
    Execve,
    Execv,
    Execvpe,
    Execvp,
    Fexecve,
    PosixSpawn,
    PosixSpawnp,
    System,
    Popen,
    Exit,
    Count,
}

internal static unsafe class NativeNames
{
    private static ReadOnlySpan<byte> All =>
        "malloc\0calloc\0realloc\0free\0posix_memalign\0aligned_alloc\0memalign\0valloc\0pvalloc\0mmap\0mmap64\0munmap\0mremap\0dlsym\0execve\0execv\0execvpe\0execvp\0fexecve\0posix_spawn\0posix_spawnp\0system\0popen\0_exit\0"u8;

    public static byte* First => Text.C(All);

    public static NativeGroups GroupsOf(NativeFunction function) => function switch
    {
        < NativeFunction.Dlsym => NativeGroups.Blocks,
        NativeFunction.Dlsym => NativeGroups.Blocks | NativeGroups.Starts | NativeGroups.Ends,
        NativeFunction.Exit => NativeGroups.Starts | NativeGroups.Ends,
        _ => NativeGroups.Starts,
    };

    public static byte* After(byte* name) => name + Libc.strlen(name) + 1;

    /// <summary>As DT_GNU_HASH has it.</summary>
    public static uint Hash(byte* name)
    {
        var hash = 5381u;
        for (; *name != 0; name++)
            hash = (hash * 33) + *name;
        return hash;
    }

    /// <summary>The function of that name; <see cref="NativeFunction.Count"/>: none of them.</summary>
    public static NativeFunction Of(NativeData* native, byte* name)
    {
        var hash = Hash(name);
        var candidate = First;
        for (var i = 0; i < (int)NativeFunction.Count; i++, candidate = After(candidate))
            if (native->Hashes[i] == hash && Text.IsSame(name, candidate))
                return (NativeFunction)i;
        return NativeFunction.Count;
    }
}
