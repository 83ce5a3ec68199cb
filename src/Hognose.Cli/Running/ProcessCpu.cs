using System.Globalization;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Running;

/// <summary>CPU time of another process since this was made: user and system, all threads, in the kernel's ticks of 10 ms.</summary>
internal sealed class ProcessCpu
{
    private const long TickNanoseconds = 10_000_000;

    private readonly int _processId;
    private readonly long _atStart;

    public ProcessCpu(int processId)
    {
        _processId = processId;
        _atStart = Ticks();
    }

    /// <summary>Nanoseconds; 0 when the process has gone.</summary>
    public long SinceStart => Math.Max(0, Ticks() - _atStart) * TickNanoseconds;

    private long Ticks() => ProcStat.Of(_processId) is { Length: > ProcStat.UserTime + 1 } fields
        ? long.Parse(fields[ProcStat.UserTime], CultureInfo.InvariantCulture) + long.Parse(fields[ProcStat.UserTime + 1], CultureInfo.InvariantCulture)
        : 0;
}
