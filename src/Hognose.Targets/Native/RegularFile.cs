using System.Globalization;

namespace Hognose.Targets.Native;

/// <summary>
/// Files at paths that a target or a core chose. What stands there is looked at before it is opened: a FIFO would keep us waiting, /dev/zero never ends,
/// and a device may act on being opened.
/// </summary>
internal static unsafe class RegularFile
{
    /// <param name="path">Of anybody's choice.</param>
    /// <param name="flags">O_RDONLY or O_RDWR; O_NONBLOCK is added, which does not wait for another's lease on the file.</param>
    /// <returns>A descriptor; negative when there is no regular file, or none for us.</returns>
    public static int Open(string path, int flags)
    {
        var pinned = ProcFile.Open(path, LibC.OpenPathOnly, out _);
        if (pinned < 0)
            return pinned;
        var opened = TryGetStatus(pinned, out var status) && status.IsRegular
            ? ProcFile.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{pinned}"), flags | LibC.OpenNonBlocking, out _)
            : -1;
        _ = LibC.close(pinned);
        return opened;
    }

    public static bool TryGetStatus(int descriptor, out FileStatus status)
    {
        fixed (FileStatus* place = &status)
            return LibC.syscall(LibC.StatusCall, descriptor, (nint)place, 0) == 0;
    }
}
