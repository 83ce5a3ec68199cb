using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Targets.Launch;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Attach;

/// <summary>
/// A file without a name that another process made for us and that we are to write. That process runs on, and may have put anything in its place: a file
/// that we may write and it may not. So its very descriptor is taken over, with which nobody can do more than its owner (pidfd_getfd, Linux 5.6); where
/// that is not to be had, the file is opened. Either way it is touched only when it proves to be what was made.
/// </summary>
internal static class HandedFile
{
    private const int GetSeals = 1034;
    private const int BadDescriptor = 9;

    /// <param name="process">That made it.</param>
    /// <param name="descriptor">Its number there.</param>
    /// <param name="name">That it was made with.</param>
    /// <param name="opensOnly">Set by a test to take the road of older kernels.</param>
    /// <returns>A descriptor of ours, which the caller closes.</returns>
    /// <exception cref="CannotContinueException">It is not there any more.</exception>
    public static int Take(TargetProcess process, int descriptor, string name, bool opensOnly = false)
    {
        var errno = 0;
        var own = opensOnly ? -1 : TakeDescriptor(process.Id, descriptor, out errno);
        if (own < 0 && errno != BadDescriptor)
            own = RegularFile.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/fd/{descriptor}"), LibC.OpenReadWrite);
        if (own >= 0 && IsMemoryFile(own, name))
            return own;
        if (own >= 0)
            _ = LibC.close(own);
        throw new CannotContinueException($"{process.Display} cannot be attached to: the file in memory that it made for us was not to be had", "try again");
    }

    /// <summary>Whether the descriptor there still leads to the file that was made.</summary>
    public static bool IsStillThere(int process, int descriptor, string name) =>
        ProcFile.TryReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd/{descriptor}"), out var link, out _) && link == LinkOf(name);

    private static int TakeDescriptor(int process, int descriptor, out int errno)
    {
        errno = 0;
        var handle = (int)LibC.syscall(LibC.OpenProcessCall, process, 0, 0);
        if (handle < 0)
            return handle;
        var taken = (int)LibC.syscall(LibC.TakeDescriptorCall, handle, descriptor, 0);
        errno = taken < 0 ? Errno.Last : 0;
        _ = LibC.close(handle);
        return taken;
    }

    /// <summary>No file of a disk has seals, and none that somebody can find by a name has no link.</summary>
    private static bool IsMemoryFile(int own, string name) =>
        RegularFile.TryGetStatus(own, out var status)
        && status is { IsRegular: true, Links: 0 }
        && LaunchCalls.fcntl(own, GetSeals, 0) >= 0
        && ProcFile.TryReadLink(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{own}"), out var link, out _)
        && link == LinkOf(name);

    private static string LinkOf(string name) => $"/memfd:{name} (deleted)";
}
