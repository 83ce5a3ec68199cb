using Hognose.Targets.Memory;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Elf;

/// <summary>
/// The file behind a loaded image, as memory that begins at address 0. It is the very file that is mapped, never another one of the same
/// name: <c>/proc/PID/map_files</c> reaches deleted ones (with CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE), <c>/proc/PID/root</c> the
/// target's mount namespace, and the first page must equal the one in memory (it holds the build id and is never relocated).
/// </summary>
public sealed unsafe class MappedFile : IMemoryReader, IDisposable
{
    private const int FirstPage = 4096;

    private int _descriptor;

    private MappedFile(int descriptor) => _descriptor = descriptor;

    public static bool TryOpen(TargetProcess process, LoadedImage image, out MappedFile file)
    {
        var first = image.Mappings[0];
        string[] ways =
        [
            $"/proc/{process.Id}/map_files/{first.Low.Value:x}-{first.High.Value:x}",
            $"/proc/{process.Id}/root{image.Path}",
        ];
        foreach (var way in image.IsDeleted ? ways[..1] : ways)
        {
            file = new MappedFile(RegularFile.Open(way, LibC.OpenReadOnly));
            if (file._descriptor >= 0 && file.IsMappedAt(process.Memory, first.Low))
                return true;
            file.Dispose();
        }
        file = null!;
        return false;
    }

    /// <summary>0 where it cannot be told.</summary>
    public ulong Length => RegularFile.TryGetStatus(_descriptor, out var status) ? (ulong)status.Length : 0;

    /// <summary>Any regular file by its path, which the caller checks.</summary>
    internal static bool TryOpenPath(string path, out MappedFile file)
    {
        file = new MappedFile(RegularFile.Open(path, LibC.OpenReadOnly));
        return file._descriptor >= 0;
    }

    public bool TryRead(TargetAddress address, Span<byte> destination)
    {
        if (_descriptor < 0 || address.Value > long.MaxValue - (ulong)destination.Length)
            return false;
        fixed (byte* start = destination)
            return LibC.pread(_descriptor, start, (nuint)destination.Length, (long)address.Value) == destination.Length;
    }

    /// <returns>Bytes read, less than asked for at the file's end; -1 when it cannot be read.</returns>
    public long ReadUpTo(ulong offset, Span<byte> destination)
    {
        var done = 0L;
        fixed (byte* start = destination)
            while (done < destination.Length)
            {
                var got = LibC.pread(_descriptor, start + done, (nuint)(destination.Length - done), (long)offset + done);
                if (got < 0 && Errno.Last == Errno.Interrupted)
                    continue;
                if (got <= 0)
                    return got < 0 && done == 0 ? -1 : done;
                done += got;
            }
        return done;
    }

    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = LibC.close(_descriptor);
        _descriptor = -1;
    }

    private bool IsMappedAt(LiveMemory memory, TargetAddress start)
    {
        Span<byte> mapped = stackalloc byte[FirstPage];
        Span<byte> stored = stackalloc byte[FirstPage];
        return memory.TryRead(start, mapped) && TryRead(TargetAddress.Null, stored) && mapped.SequenceEqual(stored);
    }
}
