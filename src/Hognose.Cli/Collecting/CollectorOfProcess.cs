using Hognose.CPython.Collector;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Insights.Collections;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Collecting;

/// <summary>The collectors of a process that runs on: read, never stopped.</summary>
internal sealed class CollectorOfProcess
{
    private readonly TargetProcess _process;
    private readonly PythonRuntime _runtime;
    private readonly Limits _limits;

    public CollectorOfProcess(OpenInterpreter interpreter, Limits limits)
    {
        var (process, runtime) = (interpreter.Process, interpreter.Python);
        (_process, _runtime, _limits) = (process, runtime, limits);
        var version = runtime.Build.Version;
        Facts = new CollectorProcess(
            process.Id, process.Name, runtime.Build.IsMicroKnown ? version.ToString() : $"{version.Major}.{version.Minor}", runtime.Layout.Version.ToString());
    }

    public CollectorProcess Facts { get; }

    /// <exception cref="CannotContinueException">The process can't be read, or isn't a Python that we know.</exception>
    public static CollectorOfProcess Open(int processId, Limits limits) => new(OpenInterpreter.Of(processId, limits), limits);

    /// <summary>Null when the process has ended, or its Python is shutting down.</summary>
    public CollectorReading? Read()
    {
        var states = CollectorReader.Read(_process.Memory, _runtime, _limits);
        return states.Count > 0 && _process.IsStillThere() && IsInUse() ? new CollectorReading(DateTimeOffset.UtcNow, states) : null;
    }

    /// <summary>Asked last: what shutdown collects is not the program's doing. Of a process that is just ending nothing can be read, and it is not in use either.</summary>
    private bool IsInUse() => !_runtime.IsFinalizing(_process.Memory) && _runtime.IsInitialized(_process.Memory);
}
