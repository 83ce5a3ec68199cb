using Hognose.Agent.Hooks;
using Hognose.Agent.Native;

namespace Hognose.Agent.Family;

/// <summary>
/// The real functions behind <see cref="ExecHooks"/>, <see cref="ShellHooks"/> and <see cref="ExitHook"/>, found when the library is loaded or its hooks go into slots: the hooks run in children of
/// vfork, which share their parent's memory and may not take the loader's lock.
/// </summary>
internal unsafe struct ExecFunctions
{
    private const nint NextObject = -1;

    public delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int> Execve;
    public delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int> Execvpe;
    public delegate* unmanaged[SuppressGCTransition]<int, byte**, byte**, int> Fexecve;
    public delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int> PosixSpawn;
    public delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int> PosixSpawnp;
    public delegate* unmanaged[SuppressGCTransition]<byte*, int> System;
    public delegate* unmanaged[SuppressGCTransition]<byte*, byte*, void*> Popen;
    public delegate* unmanaged[SuppressGCTransition]<int, void> Exit;
    public byte*** Environment;

    /// <summary>Of this process. The loader calls the constructors of other libraries before ours, and such a one may start a program.</summary>
    public static ExecFunctions* Of(FamilyData* family)
    {
        if (Volatile.Read(ref *(nint*)&family->Next.Environment) == 0)
            Find(&family->Next);
        return &family->Next;
    }

    /// <summary>The last one tells that all are there.</summary>
    public static void Find(ExecFunctions* next)
    {
        next->Execve = (delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int>)Next("execve"u8);
        next->Execvpe = (delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int>)Next("execvpe"u8);
        next->Fexecve = (delegate* unmanaged[SuppressGCTransition]<int, byte**, byte**, int>)Next("fexecve"u8);
        next->PosixSpawn = (delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int>)Next("posix_spawn"u8);
        next->PosixSpawnp = (delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int>)Next("posix_spawnp"u8);
        next->System = (delegate* unmanaged[SuppressGCTransition]<byte*, int>)Next("system"u8);
        next->Popen = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, void*>)Next("popen"u8);
        next->Exit = (delegate* unmanaged[SuppressGCTransition]<int, void>)Next("_exit"u8);
        Volatile.Write(ref *(nint*)&next->Environment, (nint)PythonApi.Find("environ"u8));
    }

    /// <summary>From the definitions that the program's own calls reach: those of an agent that was loaded before the program, too. False: some are not there.</summary>
    public static bool TryTake(ExecFunctions* next, NativeData* native)
    {
        var originals = native->Originals;
        next->Execve = (delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int>)originals[(int)NativeFunction.Execve];
        next->Execvpe = (delegate* unmanaged[SuppressGCTransition]<byte*, byte**, byte**, int>)originals[(int)NativeFunction.Execvpe];
        next->Fexecve = (delegate* unmanaged[SuppressGCTransition]<int, byte**, byte**, int>)originals[(int)NativeFunction.Fexecve];
        next->PosixSpawn = (delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int>)originals[(int)NativeFunction.PosixSpawn];
        next->PosixSpawnp = (delegate* unmanaged[SuppressGCTransition]<int*, byte*, void*, void*, byte**, byte**, int>)originals[(int)NativeFunction.PosixSpawnp];
        next->System = (delegate* unmanaged[SuppressGCTransition]<byte*, int>)originals[(int)NativeFunction.System];
        next->Popen = (delegate* unmanaged[SuppressGCTransition]<byte*, byte*, void*>)originals[(int)NativeFunction.Popen];
        next->Exit = (delegate* unmanaged[SuppressGCTransition]<int, void>)originals[(int)NativeFunction.Exit];
        next->Environment = (byte***)PythonApi.Find("environ"u8);
        return next->Execve != null && next->Execvpe != null && next->Environment != null;
    }

    private static void* Next(ReadOnlySpan<byte> name) => Libc.dlsym((void*)NextObject, Text.C(name));
}
