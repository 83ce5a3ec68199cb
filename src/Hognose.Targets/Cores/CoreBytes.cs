using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Native;
using Microsoft.Win32.SafeHandles;

namespace Hognose.Targets.Cores;

/// <summary>The bytes of a core file, unpacked. Reads beyond its end fail: a core that was cut off is no rarity (RLIMIT_CORE, a full disk).</summary>
internal sealed unsafe class CoreBytes : IDisposable
{
    private const int SeekEnd = 2;
    private const int SeekData = 3;
    private const int SeekHole = 4;

    /// <summary>A FIFO or a terminal would keep us waiting.</summary>
    private const int OpenNonBlocking = 0x800;

    private readonly SafeFileHandle _file;

    private CoreBytes(SafeFileHandle file, ulong length)
    {
        _file = file;
        Length = length;
    }

    public ulong Length { get; }

    /// <summary>For mmap.</summary>
    public int Descriptor => (int)_file.DangerousGetHandle();

    /// <exception cref="CannotContinueException">It cannot be opened or unpacked.</exception>
    public static CoreBytes Open(string path)
    {
        var descriptor = ProcFile.Open(path, LibC.OpenReadOnly | OpenNonBlocking, out var errno);
        if (descriptor < 0)
            throw new CannotContinueException(
                $"core '{path}' cannot be opened ({Errno.Describe(errno)})",
                errno == Errno.AccessDenied ? "run as its owner or as root" : "give the path of a core file");
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        try
        {
            if (CoreUnpacking.TryUnpack(file, path, out var unpacked))
            {
                file.Dispose();
                file = unpacked;
            }
            return new CoreBytes(file, LengthOf(file, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>False when any of the bytes lies behind the end or cannot be read.</summary>
    public bool TryRead(ulong offset, Span<byte> destination) =>
        offset <= Length && (ulong)destination.Length <= Length - offset && ReadUpTo(offset, destination) == destination.Length;

    /// <returns>Bytes read; less than asked for where the file ends or its disk fails.</returns>
    public int ReadUpTo(ulong offset, Span<byte> destination)
    {
        var done = 0;
        fixed (byte* start = destination)
            while (done < destination.Length)
            {
                var got = LibC.pread(Descriptor, start + done, (nuint)(destination.Length - done), (long)offset + done);
                if (got < 0 && Errno.Last == Errno.Interrupted)
                    continue;
                if (got <= 0)
                    break;
                done += (int)got;
            }
        return done;
    }

    /// <summary>
    /// Where [low, high) of the file has bytes: the kernel writes pages that were never touched as holes. A file system that knows no holes
    /// answers with one run.
    /// </summary>
    public IEnumerable<PageRun> DataRuns(ulong low, ulong high)
    {
        while (low < high)
        {
            var data = LibC.lseek(Descriptor, (long)low, SeekData);
            if (data < 0 || (ulong)data >= high)
                yield break;
            var hole = LibC.lseek(Descriptor, data, SeekHole);
            var end = hole < 0 ? high : Math.Min((ulong)hole, high);
            yield return new PageRun(Math.Max((ulong)data, low), end);
            low = end;
        }
    }

    public void Dispose() => _file.Dispose();

    private static ulong LengthOf(SafeFileHandle file, string path)
    {
        var length = LibC.lseek((int)file.DangerousGetHandle(), 0, SeekEnd);
        // A directory answers with the largest number there is.
        return length is >= 0 and < long.MaxValue
            ? (ulong)length
            : throw new CannotContinueException($"'{path}' is no file", "give the path of a core file");
    }
}
