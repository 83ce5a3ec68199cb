using Hognose.Formats.Alloc;
using Hognose.Targets.Attach;
using Hognose.Targets.Launch;

namespace Hognose.Cli.Running;

/// <summary>How a recorded program ended that is no child of ours. What became another program (exec) has no end of its own.</summary>
internal sealed class ForeignEnding(int processId, SameProgram program) : IDisposable
{
    private readonly ExitWatch _exit = new(processId);
    private WaitStatus? _status;
    private bool _wasReplaced;

    /// <summary>The program is not there any more.</summary>
    public void Note()
    {
        _status ??= _exit.Read();
        _wasReplaced |= _status is null && program.IsReplaced();
    }

    /// <summary>Unknown also while it runs.</summary>
    public (ProgramEnding Ending, int Code) Tell() => (_wasReplaced ? null : _status ?? _exit.Read()) switch
    {
        null => (ProgramEnding.Unknown, 0),
        { Signal: not 0 and var signal } => (ProgramEnding.Signalled, signal),
        { ExitStatus: var status } => (ProgramEnding.Exited, status),
    };

    public void Dispose() => _exit.Dispose();
}
