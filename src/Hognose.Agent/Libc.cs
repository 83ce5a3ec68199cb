using System.Runtime.InteropServices;

namespace Hognose.Agent;

/// <summary>
/// All that the agent calls outside itself. Each is a direct call through the PLT: a transition would touch the runtime's thread object,
/// and there is none.
/// </summary>
internal static unsafe class Libc
{
    public const int ProtRead = 1;
    public const int ProtWrite = 2;
    public const int MapShared = 1;
    public const int MapPrivate = 2;
    public const int MapFixed = 0x10;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const int MadviseDontNeed = 4;
    public const int MadvisePopulateWrite = 23;
    public const int ClockMonotonic = 1;
    public const int ClockProcessCpu = 2;

    /// <summary>O_RDONLY | O_CLOEXEC</summary>
    public const int OpenCloseOnExec = 0x80000;

    /// <summary>O_RDWR | O_CLOEXEC</summary>
    public const int OpenReadWriteCloseOnExec = 0x80002;

    /// <summary>R_OK</summary>
    public const int MayRead = 4;

    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [DllImport("libc"), SuppressGCTransition]
    public static extern byte* mmap(void* address, nuint length, int protection, int flags, int descriptor, long offset);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int munmap(void* address, nuint length);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int madvise(void* address, nuint length, int advice);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int open(byte* path, int flags);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int access(byte* path, int mode);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint read(int descriptor, void* buffer, nuint length);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint pwrite(int descriptor, void* buffer, nuint length, long offset);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint pread(int descriptor, void* buffer, nuint length, long offset);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int dl_iterate_phdr(void* visit, void* data);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int close(int descriptor);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int nanosleep(TimeSpec* request, TimeSpec* remaining);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int clock_gettime(int clock, TimeSpec* time);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int getpid();

    [DllImport("libc"), SuppressGCTransition]
    public static extern int kill(int process, int signal);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int* __errno_location();

    [DllImport("libc"), SuppressGCTransition]
    public static extern byte* getenv(byte* name);

    [DllImport("libc"), SuppressGCTransition]
    public static extern void* dlsym(void* handle, byte* name);

    [DllImport("libc"), SuppressGCTransition]
    public static extern int pthread_atfork(void* prepare, void* parent, void* child);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nint pthread_self();

    [DllImport("libc"), SuppressGCTransition]
    public static extern int memcmp(void* left, void* right, nuint length);

    [DllImport("libc"), SuppressGCTransition]
    public static extern void* memmove(void* to, void* from, nuint length);

    [DllImport("libc"), SuppressGCTransition]
    public static extern void* memset(void* to, int value, nuint length);

    [DllImport("libc"), SuppressGCTransition]
    public static extern nuint strlen(byte* text);

    [DllImport("libc"), SuppressGCTransition]
    public static extern ulong strtoul(byte* text, byte** end, int numberBase);

    [DllImport("libc"), SuppressGCTransition]
    public static extern void _exit(int status);

    public static ulong Nanoseconds(int clock)
    {
        TimeSpec now;
        clock_gettime(clock, &now);
        return ((ulong)now.Seconds * 1_000_000_000) + (ulong)now.Nanoseconds;
    }

    public static void Sleep(long nanoseconds)
    {
        TimeSpec time;
        time.Seconds = 0;
        time.Nanoseconds = nanoseconds;
        nanosleep(&time, null);
    }
}
