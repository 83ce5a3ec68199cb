using Hognose.Targets.Processes;

namespace Hognose.Targets.Attach;

/// <summary>Tells when a process has become another program (exec): its stack begins elsewhere then.</summary>
public sealed class SameProgram(int processId)
{
    private const string NoStack = "0";

    private readonly string _stack = Read(processId);

    /// <summary>False also when the process has ended. While the kernel takes its memory away it is still there, without a stack.</summary>
    public bool IsStillThere() => _stack.Length > 0 && Read(processId) is var stack && (stack == _stack || stack == NoStack);

    /// <summary>The process goes on as another one.</summary>
    public bool IsReplaced() => Read(processId) is { Length: > 0 } stack && stack != _stack && stack != NoStack;

    private static string Read(int processId) =>
        ProcStat.Of(processId) is { Length: > ProcStat.StackStart } fields && fields[ProcStat.State] is not ("Z" or "X") ? fields[ProcStat.StackStart] : "";
}
