using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Hognose.Agent;

namespace Hognose.Extension.Profile;

/// <summary>
/// Guards the map and threads' figures: the raw domain is called without the GIL. Held for a few dozen instructions that call nothing but
/// mmap. No signal handler of CPython's allocates, so the holder always goes on. While the program has one thread it costs plain stores.
/// </summary>
internal static unsafe class ProfilerLock
{
    private const int Spins = 200;
    private const long NapNanoseconds = 50_000;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(ProfilerData* data)
    {
        if (*data->IsSingleThreaded != 0)
            data->Lock = 1;
        else if (Interlocked.CompareExchange(ref data->Lock, 1, 0) != 0)
            Wait(data);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Release(ProfilerData* data) => Volatile.Write(ref data->Lock, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Wait(ProfilerData* data)
    {
        var errno = *Libc.__errno_location();
        for (var spin = 0; Interlocked.CompareExchange(ref data->Lock, 1, 0) != 0; spin++)
        {
            if (spin < Spins)
                X86Base.Pause();
            else
                Libc.Sleep(NapNanoseconds);
        }
        *Libc.__errno_location() = errno;
    }

    /// <summary>The lock is held across a fork, so that the child's copy of the map is whole.</summary>
    public static bool RegisterForFork() => Libc.pthread_atfork((delegate*<void>)&BeforeFork, (delegate*<void>)&AfterFork, (delegate*<void>)&AfterFork) == 0;

    private static void BeforeFork() => Take(Profiler.State);

    private static void AfterFork() => Release(Profiler.State);
}
