using Hognose.CPython.Collector;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Insights.Collections;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Cli.Collecting;

/// <summary>The collectors of a process that runs on: read, never stopped.</summary>
internal sealed class CollectorOfProcess
{
    private readonly TargetProcess _process;
    private readonly RepeatedReads _memory;
    private readonly PythonRuntime _runtime;
    private readonly Limits _limits;
    private long _collections = -1;

    public CollectorOfProcess(OpenInterpreter interpreter, Limits limits)
    {
        var (process, runtime) = (interpreter.Process, interpreter.Python);
        (_process, _runtime, _limits) = (process, runtime, limits);
        _memory = new RepeatedReads(process.Id);
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
        _memory.Begin();
        var states = CollectorReader.Read(_memory, _runtime, _limits);
        return states.Count > 0 && IsTheProcess(states) && IsInUse() ? new CollectorReading(DateTimeOffset.UtcNow, states) : null;
    }

    /// <summary>Asked where there is anything new: of another process with its number and memory that says the same there is nothing to tell.</summary>
    private bool IsTheProcess(IReadOnlyList<CollectorState> states)
    {
        var collections = states.Sum(state => state.Generations.Sum(generation => generation.Collections));
        if (collections != _collections && !_process.IsStillThere())
            return false;
        _collections = collections;
        return true;
    }

    /// <summary>Asked last: what shutdown collects is not the program's doing. Of a process that is just ending nothing can be read, and it is not in use either.</summary>
    private bool IsInUse() => !_runtime.IsFinalizing(_memory) && _runtime.IsInitialized(_memory);
}
