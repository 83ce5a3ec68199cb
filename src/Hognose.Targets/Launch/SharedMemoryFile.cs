using System.Globalization;
using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>A sparse file without a name, mapped here and handed to a program by descriptor. Nothing is left behind when both are gone.</summary>
public sealed unsafe class SharedMemoryFile : IDisposable
{
    private const int ReadWrite = 3;
    private const int Shared = 1;

    private SharedMemoryFile(int descriptor, byte* start, long length)
    {
        Descriptor = descriptor;
        Start = start;
        Length = length;
    }

    public int Descriptor { get; }

    public byte* Start { get; private set; }

    public long Length { get; }

    /// <exception cref="CannotContinueException">There is no shared memory to be had.</exception>
    public static SharedMemoryFile Create(string name, long length)
    {
        int descriptor;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            descriptor = LaunchCalls.memfd_create(text, LaunchCalls.MemoryFileCloseOnExec);
        return descriptor < 0 ? throw NoSpace(length, "memfd_create", Errno.Last) : Map(descriptor, length);
    }

    /// <summary>A file without a name that another process made.</summary>
    /// <exception cref="CannotContinueException">It is not there, or there is no shared memory to be had.</exception>
    public static SharedMemoryFile OpenOf(int process, int descriptor, long length)
    {
        var own = ProcFile.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}"), LibC.OpenReadWrite | LibC.OpenCloseOnExec, out var errno);
        return own < 0
            ? throw new CannotContinueException($"the shared memory of pid {process} cannot be opened ({Errno.Describe(errno)})", "try again")
            : Map(own, length);
    }

    private static SharedMemoryFile Map(int descriptor, long length)
    {
        if (LaunchCalls.ftruncate(descriptor, length) != 0)
            throw Close(descriptor, NoSpace(length, "ftruncate", Errno.Last));
        var start = LibC.mmap(null, (nuint)length, ReadWrite, Shared, descriptor, 0);
        if ((nint)start == -1)
            throw Close(descriptor, NoSpace(length, "mmap", Errno.Last));
        return new SharedMemoryFile(descriptor, start, length);
    }

    public void Dispose()
    {
        if (Start == null)
            return;
        _ = LibC.munmap(Start, (nuint)Length);
        _ = LibC.close(Descriptor);
        Start = null;
    }

    private static CannotContinueException Close(int descriptor, CannotContinueException trouble)
    {
        _ = LibC.close(descriptor);
        return trouble;
    }

    private static CannotContinueException NoSpace(long length, string call, int errno) =>
        new($"no shared memory of {length >> 20} MiB for the recording ({call}: {Errno.Describe(errno)})",
            "raise the limits on address space and file size ('ulimit -v', 'ulimit -f') or free memory");
}
