using System.Text;
using Hognose.Diagnostics;
using Hognose.Targets.Native;

namespace Hognose.Targets.Launch;

/// <summary>A sparse file without a name, mapped here and handed to a program by descriptor. Nothing is left behind when both are gone.</summary>
public sealed unsafe class SharedMemoryFile : IDisposable
{
    private const int ReadWrite = 3;
    private const int Shared = 1;

    private long _mapped;

    private SharedMemoryFile(int descriptor, byte* start, long length, long mapped)
    {
        Descriptor = descriptor;
        Start = start;
        Length = length;
        _mapped = mapped;
    }

    public int Descriptor { get; }

    public byte* Start { get; private set; }

    public long Length { get; }

    /// <exception cref="CannotContinueException">There is no shared memory to be had.</exception>
    public static SharedMemoryFile Create(string name, long length) => Create(name, length, length);

    /// <param name="name">As /proc shows it.</param>
    /// <param name="length">Of the file.</param>
    /// <param name="mapped">How much of it is mapped until <see cref="MapWhole"/>.</param>
    /// <exception cref="CannotContinueException">There is no shared memory to be had.</exception>
    public static SharedMemoryFile Create(string name, long length, long mapped)
    {
        int descriptor;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
            descriptor = LaunchCalls.memfd_create(text, LaunchCalls.MemoryFileCloseOnExec);
        return descriptor < 0 ? throw NoSpace(length, "memfd_create", Errno.Last) : Map(descriptor, length, mapped);
    }

    /// <exception cref="CannotContinueException">There is no address space for it; what was mapped stays.</exception>
    public void MapWhole()
    {
        var whole = LibC.mmap(null, (nuint)Length, ReadWrite, Shared, Descriptor, 0);
        if ((nint)whole == -1)
            throw NoSpace(Length, "mmap", Errno.Last);
        _ = LibC.munmap(Start, (nuint)_mapped);
        Start = whole;
        _mapped = Length;
    }

    /// <summary>One that another process made.</summary>
    /// <param name="descriptor">Of ours; it is closed with this, or at once if this fails.</param>
    /// <param name="length">Of the file from now on.</param>
    /// <exception cref="CannotContinueException">There is no shared memory to be had.</exception>
    internal static SharedMemoryFile Of(int descriptor, long length) => Map(descriptor, length, length);

    private static SharedMemoryFile Map(int descriptor, long length, long mapped)
    {
        if (LaunchCalls.ftruncate(descriptor, length) != 0)
            throw Close(descriptor, NoSpace(length, "ftruncate", Errno.Last));
        var start = LibC.mmap(null, (nuint)mapped, ReadWrite, Shared, descriptor, 0);
        if ((nint)start == -1)
            throw Close(descriptor, NoSpace(length, "mmap", Errno.Last));
        return new SharedMemoryFile(descriptor, start, length, mapped);
    }

    public void Dispose()
    {
        if (Start == null)
            return;
        _ = LibC.munmap(Start, (nuint)_mapped);
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
