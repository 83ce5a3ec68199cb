using System.Globalization;

namespace Hognose.Cli.Running;

/// <summary>CPU time of another process since this was made: user and system, all threads, in the kernel's ticks of 10 ms.</summary>
internal sealed class ProcessCpu
{
    private const long TickNanoseconds = 10_000_000;

    /// <summary>utime in /proc/PID/stat, counted from the state that follows the name.</summary>
    private const int UserField = 11;

    private readonly string _file;
    private readonly long _atStart;

    public ProcessCpu(int processId)
    {
        _file = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat");
        _atStart = Ticks();
    }

    /// <summary>Nanoseconds; 0 when the process has gone.</summary>
    public long SinceStart => Math.Max(0, Ticks() - _atStart) * TickNanoseconds;

    private long Ticks()
    {
        try
        {
            var text = File.ReadAllText(_file);
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return long.Parse(fields[UserField], CultureInfo.InvariantCulture) + long.Parse(fields[UserField + 1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
