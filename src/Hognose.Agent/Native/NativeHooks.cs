using Hognose.Agent.Family;
using Hognose.Agent.Hooks;
using Hognose.Formats.Ring;

namespace Hognose.Agent.Native;

/// <summary>Puts our functions into the slots through which every library calls libc's allocator, or starts a program, and takes them out again.</summary>
internal static unsafe class NativeHooks
{
    private const NativeGroups ByExecFunctions = NativeGroups.Starts | NativeGroups.Ends;

    private const long NapNanoseconds = 50_000;

    private const ulong LongestWaitBeforeFork = 1_000_000_000;

    /// <summary>What the recording that begins asks for.</summary>
    public static NativeGroups Wanted(AgentData* agent) =>
        ((agent->Ring->Options & RecordingOptions.NativeAllocations) != 0 ? NativeGroups.Blocks : NativeGroups.None)
        | (agent->Family.IsOn != 0 && agent->Family.UsesSlots != 0 ? NativeGroups.Starts : NativeGroups.None)
        // A launched program finds our _exit before libc's.
        | (agent->Ring->HoldAtTearDown != 0 && agent->Family.UsesSlots != 0 ? NativeGroups.Ends : NativeGroups.None);

    public static bool TellBlocks(AgentData* agent) => agent->Native.IsOn != 0 && (agent->Native.Groups & NativeGroups.Blocks) != 0;

    public static void Install(AgentData* agent, NativeGroups groups)
    {
        if (groups == NativeGroups.None)
            return;
        var native = &agent->Native;
        var runtime = (byte*)PythonApi.Find("_PyRuntime"u8);
        native->Finalizing = runtime != null && agent->Layout->RuntimeFinalizing >= 0
            ? (nint*)(runtime + agent->Layout->RuntimeFinalizing)
            : &agent->Never;
        native->FinalizingThread = 0;
        if (!Definitions.Find(native))
            return;
        TakeOriginals(native);
        TakeHooks(native);
        if ((groups & ByExecFunctions) != 0 && !ExecFunctions.TryTake(&agent->Family.Next, native))
            groups &= ~ByExecFunctions;
        native->Groups = groups;
        native->IsOn = 1;
        agent->Ring->NativeHooksAreOn = Slots.Write(agent, putBack: false) && TellBlocks(agent) ? 1u : 0;
    }

    /// <summary>Pointers that the program holds to our functions go on to work: they pass everything through.</summary>
    public static void Remove(AgentData* agent)
    {
        if (agent->Native.IsOn == 0)
            return;
        agent->Native.IsOn = 0;
        while (!Slots.Write(agent, putBack: true) && Volatile.Read(ref agent->Native.IsPatching) != 0)
            Libc.Sleep(NapNanoseconds);
    }

    /// <summary>Waits until no thread goes through the list of libraries, and keeps all from it. In bounded time: a thread may be stopped by a debugger.</summary>
    public static void BeforeFork(AgentData* agent)
    {
        agent->Native.IsHeldForFork = 0;
        if (agent->Native.IsOn == 0)
            return;
        for (var patience = new Patience(); patience.Waited < LongestWaitBeforeFork && agent->Native.IsHeldForFork == 0;)
            if (Slots.TryTake(agent))
                agent->Native.IsHeldForFork = 1;
            else
                patience.Nap(NapNanoseconds);
    }

    /// <summary>In the parent and in the child.</summary>
    public static void AfterFork(AgentData* agent)
    {
        if (agent->Native.IsHeldForFork == 0)
            return;
        agent->Native.IsHeldForFork = 0;
        Slots.GiveBack(agent);
    }

    private static void TakeOriginals(NativeData* native)
    {
        native->Malloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)native->Originals[(int)NativeFunction.Malloc];
        native->Calloc = (delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*>)native->Originals[(int)NativeFunction.Calloc];
        native->Realloc = (delegate* unmanaged[SuppressGCTransition]<byte*, nuint, byte*>)native->Originals[(int)NativeFunction.Realloc];
        native->Free = (delegate* unmanaged[SuppressGCTransition]<byte*, void>)native->Originals[(int)NativeFunction.Free];
        native->PosixMemalign = (delegate* unmanaged[SuppressGCTransition]<byte**, nuint, nuint, int>)native->Originals[(int)NativeFunction.PosixMemalign];
        native->AlignedAlloc = (delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*>)native->Originals[(int)NativeFunction.AlignedAlloc];
        native->Memalign = (delegate* unmanaged[SuppressGCTransition]<nuint, nuint, byte*>)native->Originals[(int)NativeFunction.Memalign];
        native->Valloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)native->Originals[(int)NativeFunction.Valloc];
        native->Pvalloc = (delegate* unmanaged[SuppressGCTransition]<nuint, byte*>)native->Originals[(int)NativeFunction.Pvalloc];
        native->Mmap = (delegate* unmanaged[SuppressGCTransition]<byte*, nuint, int, int, int, long, byte*>)native->Originals[(int)NativeFunction.Mmap];
        native->Munmap = (delegate* unmanaged[SuppressGCTransition]<byte*, nuint, int>)native->Originals[(int)NativeFunction.Munmap];
        native->Mremap = (delegate* unmanaged[SuppressGCTransition]<byte*, nuint, nuint, int, byte*, byte*>)native->Originals[(int)NativeFunction.Mremap];
        native->Dlsym = (delegate*<void*, byte*, void*>)native->Originals[(int)NativeFunction.Dlsym];
    }

    private static void TakeHooks(NativeData* native)
    {
        native->Hooks[(int)NativeFunction.Malloc] = (ulong)(delegate*<nuint, byte*>)&BlockHooks.Malloc;
        native->Hooks[(int)NativeFunction.Calloc] = (ulong)(delegate*<nuint, nuint, byte*>)&BlockHooks.Calloc;
        native->Hooks[(int)NativeFunction.Realloc] = (ulong)(delegate*<byte*, nuint, byte*>)&BlockHooks.Realloc;
        native->Hooks[(int)NativeFunction.Free] = (ulong)(delegate*<byte*, void>)&BlockHooks.Free;
        native->Hooks[(int)NativeFunction.PosixMemalign] = (ulong)(delegate*<byte**, nuint, nuint, int>)&BlockHooks.PosixMemalign;
        native->Hooks[(int)NativeFunction.AlignedAlloc] = (ulong)(delegate*<nuint, nuint, byte*>)&BlockHooks.AlignedAlloc;
        native->Hooks[(int)NativeFunction.Memalign] = (ulong)(delegate*<nuint, nuint, byte*>)&BlockHooks.Memalign;
        native->Hooks[(int)NativeFunction.Valloc] = (ulong)(delegate*<nuint, byte*>)&BlockHooks.Valloc;
        native->Hooks[(int)NativeFunction.Pvalloc] = (ulong)(delegate*<nuint, byte*>)&BlockHooks.Pvalloc;
        native->Hooks[(int)NativeFunction.Mmap] = (ulong)(delegate*<byte*, nuint, int, int, int, long, byte*>)&MappingHooks.Mmap;
        native->Hooks[(int)NativeFunction.Mmap64] = native->Hooks[(int)NativeFunction.Mmap];
        native->Hooks[(int)NativeFunction.Munmap] = (ulong)(delegate*<byte*, nuint, int>)&MappingHooks.Munmap;
        native->Hooks[(int)NativeFunction.Mremap] = (ulong)(delegate*<byte*, nuint, nuint, int, byte*, byte*>)&MappingHooks.Mremap;
        native->Hooks[(int)NativeFunction.Dlsym] = (ulong)(delegate*<void*, byte*, void*>)&LibraryWatch.Dlsym;
        native->Hooks[(int)NativeFunction.Execve] = (ulong)(delegate*<byte*, byte**, byte**, int>)&ExecHooks.Execve;
        native->Hooks[(int)NativeFunction.Execv] = (ulong)(delegate*<byte*, byte**, int>)&ExecHooks.Execv;
        native->Hooks[(int)NativeFunction.Execvpe] = (ulong)(delegate*<byte*, byte**, byte**, int>)&ExecHooks.Execvpe;
        native->Hooks[(int)NativeFunction.Execvp] = (ulong)(delegate*<byte*, byte**, int>)&ExecHooks.Execvp;
        native->Hooks[(int)NativeFunction.Fexecve] = (ulong)(delegate*<int, byte**, byte**, int>)&ExecHooks.Fexecve;
        native->Hooks[(int)NativeFunction.PosixSpawn] = (ulong)(delegate*<int*, byte*, void*, void*, byte**, byte**, int>)&ExecHooks.PosixSpawn;
        native->Hooks[(int)NativeFunction.PosixSpawnp] = (ulong)(delegate*<int*, byte*, void*, void*, byte**, byte**, int>)&ExecHooks.PosixSpawnp;
        native->Hooks[(int)NativeFunction.System] = (ulong)(delegate*<byte*, int>)&ShellHooks.System;
        native->Hooks[(int)NativeFunction.Popen] = (ulong)(delegate*<byte*, byte*, void*>)&ShellHooks.Popen;
        native->Hooks[(int)NativeFunction.Exit] = (ulong)(delegate*<int, void>)&ExitHook.Exit;
    }
}
