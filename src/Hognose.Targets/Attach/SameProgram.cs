using System.Globalization;
using System.Text;
using Hognose.Targets.Native;

namespace Hognose.Targets.Attach;

/// <summary>Tells when a process has become another program (exec): its stack begins elsewhere then.</summary>
public sealed class SameProgram(int processId)
{
    /// <summary>startstack in /proc/PID/stat, counted from the state that follows the name.</summary>
    private const int StackField = 25;

    private const string NoStack = "0";

    private readonly string _stack = Read(processId);

    /// <summary>False also when the process has ended. While the kernel takes its memory away it is still there, without a stack.</summary>
    public bool IsStillThere() => _stack.Length > 0 && Read(processId) is var stack && (stack == _stack || stack == NoStack);

    /// <summary>The process goes on as another one.</summary>
    public bool IsReplaced() => Read(processId) is { Length: > 0 } stack && stack != _stack && stack != NoStack;

    private static string Read(int processId)
    {
        if (!ProcFile.TryRead(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"), out var bytes, out _))
            return "";
        var text = Encoding.UTF8.GetString(bytes);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Length > StackField && fields[0] is not ("Z" or "X") ? fields[StackField] : "";
    }
}
