using System.Runtime.InteropServices;

namespace Hognose.Targets.Launch;

/// <summary>The calls of libc that launching needs. Numbers and sizes are glibc's on x86-64 Linux.</summary>
internal static unsafe class LaunchCalls
{
    public const int SpawnSetSignalDefaults = 4;
    public const int SpawnSetSignalMask = 8;

    /// <summary>Larger than glibc's 336 and 80 bytes.</summary>
    public const int SpawnAttributesBytes = 512;
    public const int SpawnActionsBytes = 256;
    public const int SignalSetBytes = 128;

    public const int WaitNoHang = 1;
    public const int WaitStopped = 2;
    public const int WaitExited = 4;

    /// <summary>WNOWAIT: what is told can be waited for again.</summary>
    public const int WaitLeave = 0x01000000;

    public const int ResourceCore = 4;
    public const int ResourceOpenFiles = 7;
    public const int GetDescriptorFlags = 1;
    public const uint MemoryFileCloseOnExec = 1;

    /// <summary>rt_sigaction(2), whose signal sets have 8 bytes.</summary>
    public const nint SignalActionCall = 13;
    public const nint KernelSignalSetBytes = 8;
    public const nint SignalDefault = 0;
    public const nint SignalIgnore = 1;

    [DllImport("libc")]
    public static extern int posix_spawn(int* process, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    /// <summary>As posix_spawn, but a name without a slash is looked up on PATH.</summary>
    [DllImport("libc")]
    public static extern int posix_spawnp(int* process, byte* name, void* actions, void* attributes, byte** arguments, byte** environment);

    [DllImport("libc")]
    public static extern int posix_spawn_file_actions_init(void* actions);

    [DllImport("libc")]
    public static extern int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [DllImport("libc")]
    public static extern int posix_spawn_file_actions_destroy(void* actions);

    [DllImport("libc")]
    public static extern int posix_spawnattr_init(void* attributes);

    [DllImport("libc")]
    public static extern int posix_spawnattr_setflags(void* attributes, short flags);

    [DllImport("libc")]
    public static extern int posix_spawnattr_setsigdefault(void* attributes, void* signals);

    [DllImport("libc")]
    public static extern int posix_spawnattr_setsigmask(void* attributes, void* signals);

    [DllImport("libc")]
    public static extern int posix_spawnattr_destroy(void* attributes);

    [DllImport("libc")]
    public static extern int sigemptyset(void* signals);

    [DllImport("libc")]
    public static extern int sigaddset(void* signals, int signal);

    [DllImport("libc")]
    public static extern int pthread_sigmask(int how, void* signals, void* old);

    [DllImport("libc")]
    public static extern int sigaction(int signal, void* action, SignalAction* old);

    [DllImport("libc")]
    public static extern nint syscall(nint number, nint signal, void* action, void* old, nint setBytes);

    [DllImport("libc")]
    public static extern nint signal(int signal, nint handler);

    [DllImport("libc", SetLastError = true)]
    public static extern int wait4(int process, int* status, int options, ResourceUsage* usage);

    [DllImport("libc")]
    public static extern int getrusage(int who, ResourceUsage* usage);

    [DllImport("libc")]
    public static extern int getrlimit(int resource, ResourceLimit* limit);

    [DllImport("libc")]
    public static extern int setrlimit(int resource, ResourceLimit* limit);

    [DllImport("libc", SetLastError = true)]
    public static extern int fcntl(int descriptor, int command, nint argument);

    [DllImport("libc", SetLastError = true)]
    public static extern int memfd_create(byte* name, uint flags);

    [DllImport("libc", SetLastError = true)]
    public static extern int ftruncate(int descriptor, long length);
}

/// <summary><c>struct sigaction</c>, of which only the handler is looked at.</summary>
[StructLayout(LayoutKind.Sequential, Size = 152)]
internal struct SignalAction
{
    public nint Handler;
}

/// <summary><c>struct rlimit</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ResourceLimit
{
    public ulong Soft;
    public ulong Hard;
}

/// <summary><c>struct rusage</c> up to the largest resident size; the kernel fills 144 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 144)]
internal struct ResourceUsage
{
    public long UserSeconds;
    public long UserMicroseconds;
    public long SystemSeconds;
    public long SystemMicroseconds;

    /// <summary>KiB.</summary>
    public long MaximumResident;

    public readonly long CpuNanoseconds =>
        ((UserSeconds + SystemSeconds) * 1_000_000_000) + ((UserMicroseconds + SystemMicroseconds) * 1_000);
}
