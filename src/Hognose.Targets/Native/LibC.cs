using System.Runtime.InteropServices;

namespace Hognose.Targets.Native;

/// <summary>The kernel calls of this room, blittable so that NativeAOT needs no marshalling. Numbers are x86-64 Linux.</summary>
internal static unsafe class LibC
{
    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenNonBlocking = 0x800;
    public const int OpenDirectory = 0x10000;
    public const int OpenCloseOnExec = 0x80000;

    /// <summary>O_PATH: the file is pinned, and nothing is done to it.</summary>
    public const int OpenPathOnly = 0x200000;

    [DllImport("libc", SetLastError = true)]
    public static extern int open(byte* path, int flags, int mode);

    [DllImport("libc", SetLastError = true)]
    public static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true)]
    public static extern nint read(int descriptor, byte* buffer, nuint length);

    [DllImport("libc", SetLastError = true)]
    public static extern nint pread(int descriptor, byte* buffer, nuint length, long offset);

    /// <param name="whence">2 the end, 3 the next data, 4 the next hole (lseek(2)).</param>
    [DllImport("libc", SetLastError = true)]
    public static extern long lseek(int descriptor, long offset, int whence);

    /// <summary>fstat(2); before glibc 2.33 libc has no such function.</summary>
    public const nint StatusCall = 5;

    /// <summary>pidfd_open(2), Linux 5.3.</summary>
    public const nint OpenProcessCall = 434;

    /// <summary>pidfd_getfd(2), Linux 5.6.</summary>
    public const nint TakeDescriptorCall = 438;

    [DllImport("libc", SetLastError = true)]
    public static extern nint syscall(nint number, nint first, nint second, nint third);

    [DllImport("libc", SetLastError = true)]
    public static extern nint readlink(byte* path, byte* buffer, nuint length);

    [DllImport("libc", SetLastError = true)]
    public static extern byte* mmap(byte* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [DllImport("libc", SetLastError = true)]
    public static extern int munmap(byte* address, nuint length);

    [DllImport("libc", SetLastError = true)]
    public static extern int madvise(byte* address, nuint length, int advice);

    [DllImport("libc", SetLastError = true)]
    public static extern nint process_vm_readv(
        int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [DllImport("libc", SetLastError = true)]
    public static extern nint process_vm_writev(
        int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [DllImport("libc", SetLastError = true)]
    public static extern int ioctl(int descriptor, nuint request, void* argument);

    [DllImport("libc", SetLastError = true)]
    public static extern nint ptrace(nint request, int threadId, nint address, nint data);

    /// <summary>P_PID</summary>
    public const int WaitForProcess = 1;

    /// <summary><c>siginfo_t</c> as waitid fills it, 128 bytes.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    public struct WaitInformation
    {
        [FieldOffset(8)] public WaitChange Change;
        [FieldOffset(16)] public int Process;
    }

    [DllImport("libc", SetLastError = true)]
    public static extern int waitid(int kind, int id, WaitInformation* information, int options);

    [DllImport("libc", SetLastError = true)]
    public static extern int waitpid(int threadId, int* status, int options);

    /// <summary>Signal 0 sends nothing: it only asks whether the process is there.</summary>
    [DllImport("libc", SetLastError = true)]
    public static extern int kill(int processId, int signal);

    /// <param name="action"><c>struct sigaction</c>, 152 bytes in glibc and musl; null leaves it as it is.</param>
    [DllImport("libc", SetLastError = true)]
    public static extern int sigaction(int signal, byte* action, byte* previous);

    /// <param name="handler">0 the default action, 1 ignored.</param>
    [DllImport("libc", SetLastError = true)]
    public static extern nint signal(int signal, nint handler);

    /// <param name="threadId">0 for the calling thread.</param>
    /// <param name="parameter"><c>struct sched_param</c>, which is one int.</param>
    [DllImport("libc", SetLastError = true)]
    public static extern int sched_setscheduler(int threadId, int policy, int* parameter);

    [DllImport("libc")]
    public static extern int geteuid();

    [DllImport("libc")]
    public static extern int getpid();
}

/// <summary><c>struct stat</c> on x86-64, 144 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 144)]
internal struct FileStatus
{
    private const uint KindMask = 0xF000;
    private const uint RegularKind = 0x8000;

    [FieldOffset(16)] public ulong Links;
    [FieldOffset(24)] public uint Mode;
    [FieldOffset(48)] public long Length;

    public readonly bool IsRegular => (Mode & KindMask) == RegularKind;
}

/// <summary>What waitid tells of a child (<c>si_code</c>, CLD_…).</summary>
internal enum WaitChange
{
    None = 0,
    Exited = 1,
    Killed = 2,
    Dumped = 3,

    /// <summary>Stopped for its tracer, which the kernel tells whoever waits in the tracer's process.</summary>
    Trapped = 4,
    Stopped = 5,
}

/// <summary><c>struct iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector(nuint address, nuint length)
{
    public nuint Address = address;
    public nuint Length = length;
}
