using System.Diagnostics;
using Hognose.Cli.Collecting;
using Hognose.Diagnostics;

namespace Hognose.Cli.Running;

/// <summary>The interpreter of a recorded program, looked for beside the recording: whoever wants to read it from outside shares what is found.</summary>
internal sealed class InterpreterSearch
{
    /// <summary>To find an interpreter takes some 50 ms of CPU: programs that end sooner are spared.</summary>
    private static readonly TimeSpan UsualBegin = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly int _processId;
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _begin;
    private Task<OpenInterpreter?>? _finding;
    private OpenInterpreter? _found;
    private long _lastTry;

    private InterpreterSearch(int processId, TimeSpan begin) => (_processId, _begin) = (processId, begin);

    /// <summary>Of a process that has just begun.</summary>
    public static InterpreterSearch Of(int processId) => new(processId, UsualBegin);

    /// <summary>Of a program that runs already.</summary>
    public static InterpreterSearch FromNow(int processId) => new(processId, TimeSpan.Zero);

    /// <summary>Somebody needs it now.</summary>
    public void Hurry() => _begin = TimeSpan.Zero;

    /// <summary>Null while there is none, because it is not up yet, or was not looked for long enough. Never waits.</summary>
    public OpenInterpreter? Found()
    {
        if (_found is not null || Stopwatch.GetElapsedTime(_start) < _begin || (_finding is null && Stopwatch.GetElapsedTime(_lastTry) < BetweenTries))
            return _found;
        _finding ??= Task.Run(Open);
        if (!_finding.IsCompleted)
            return null;
        _found = _finding.Result;
        _finding = null;
        _lastTry = Stopwatch.GetTimestamp();
        return _found;
    }

    /// <summary>Null while the interpreter is not up yet, or ends.</summary>
    private OpenInterpreter? Open()
    {
        try
        {
            return OpenInterpreter.Of(_processId, Limits.Default);
        }
        catch (CannotContinueException)
        {
            return null;
        }
    }
}
