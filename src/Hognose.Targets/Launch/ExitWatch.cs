using System.Globalization;
using System.Runtime.InteropServices;
using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Launch;

/// <summary>How a process ended, as <c>wait</c> would have told its parent.</summary>
/// <param name="Status">The kernel's wait status.</param>
public readonly record struct WaitStatus(int Status)
{
    private const int SignalBits = 0x7f;

    /// <summary>That killed it; 0: it exited.</summary>
    public int Signal => Status & SignalBits;

    /// <summary>Meaningless when <see cref="Signal"/> is not 0.</summary>
    public int ExitStatus => (Status >> 8) & 0xff;
}

/// <summary>
/// Learns how a process ended whose parent is somebody else: of a zombie <c>/proc</c> tells it, of one that its parent has waited for a descriptor that was opened
/// while it lived (pidfd, <c>PIDFD_GET_INFO</c> with <c>PIDFD_INFO_EXIT</c>, Linux 6.15; include/uapi/linux/pidfd.h). On an older kernel it is not known then.
/// </summary>
/// <param name="processId">Of a process that runs.</param>
public sealed unsafe class ExitWatch(int processId) : IDisposable
{
    /// <summary>_IOWR(0xFF, 11, 64 bytes)</summary>
    private const nuint GetInfo = 0xC040FF0B;
    private const ulong ExitKnown = 1 << 3;

    private readonly int _descriptor = (int)LibC.syscall(LibC.OpenProcessCall, processId, 0, 0);
    private readonly string _start = ProcStat.Of(processId) is { Length: > ProcStat.StartTime } fields ? fields[ProcStat.StartTime] : "";

    /// <summary>Null: it runs, or nobody can tell.</summary>
    public WaitStatus? Read() => OfWaitedFor() ?? OfZombie();

    public void Dispose()
    {
        if (_descriptor >= 0)
            _ = LibC.close(_descriptor);
    }

    private WaitStatus? OfWaitedFor()
    {
        var info = new ProcessInfo { Mask = ExitKnown };
        return _descriptor >= 0 && LibC.ioctl(_descriptor, GetInfo, &info) == 0 && (info.Mask & ExitKnown) != 0 ? new WaitStatus(info.ExitCode) : null;
    }

    private WaitStatus? OfZombie()
    {
        var fields = ProcStat.Of(processId);
        if (fields.Length <= ProcStat.ExitCode || fields[ProcStat.State] != "Z" || fields[ProcStat.StartTime] != _start
            || !int.TryParse(fields[ProcStat.ExitCode], CultureInfo.InvariantCulture, out var status))
            return null;
        // The kernel says 0, too, to whoever may not know.
        return status != 0 || MayKnow() ? new WaitStatus(status) : null;
    }

    private bool MayKnow() => ProcStatus.OwnUser == 0
        || (ProcFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status"), out var bytes, out _) && ProcStatus.Parse(bytes).RealUser == ProcStatus.OwnUser);

    /// <summary>struct pidfd_info, its first version.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 64)]
    private struct ProcessInfo
    {
        [FieldOffset(0)]
        public ulong Mask;

        [FieldOffset(60)]
        public int ExitCode;
    }
}
