using System.Globalization;
using System.Text;
using Hognose.Targets.Native;

namespace Hognose.Targets.Processes;

/// <summary><c>/proc/PID/stat</c> (proc(5)).</summary>
public static class ProcStat
{
    // Places among the fields that follow the name.
    public const int State = 0;
    public const int Parent = 1;

    /// <summary>In the kernel's ticks of 10 ms, as is system time, which follows.</summary>
    public const int UserTime = 11;

    /// <summary>In ticks after boot: with the id it names a process for good.</summary>
    public const int StartTime = 19;
    public const int StackStart = 25;

    /// <summary>The wait status of a zombie; 0 to whoever may not know it.</summary>
    public const int ExitCode = 49;

    /// <summary>What follows the name, which may hold spaces and parentheses. Empty when the process is gone.</summary>
    public static string[] Of(int processId)
    {
        if (!ProcFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"), out var bytes, out _))
            return [];
        var text = Encoding.UTF8.GetString(bytes);
        return text[(text.LastIndexOf(')') + 1)..].Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
