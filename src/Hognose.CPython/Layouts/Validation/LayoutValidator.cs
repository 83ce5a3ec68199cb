using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Layouts.Validation;

/// <summary>What a target says of one layout.</summary>
/// <param name="Failures">Structures that do not hang together when read through the layout; with one of them it must not be used.</param>
/// <param name="TypesCompared">Built-in types whose size was compared with the layout's.</param>
public sealed record LayoutFindings(IReadOnlyList<string> Failures, int TypesCompared);

/// <summary>
/// Reads a target's best-known structures through a layout and says what does not fit: interpreters and threads that know each other,
/// the collector's lists, the type of types, the sizes of built-in types.
/// </summary>
/// <remarks>The target stands still, or its lists may be torn while they are read.</remarks>
public sealed class LayoutValidator(IMemoryReader memory, Limits limits)
{
    /// <summary>Of each list: enough to meet some dozens of types, little enough for a read of each by a system call.</summary>
    private const int ObjectsOfEachList = 400;

    public LayoutFindings Check(PythonRuntime runtime)
    {
        var failures = new List<string>();
        var interpreters = runtime.ReadInterpreters(memory, limits);
        if (interpreters.Count == 0)
            failures.Add("no interpreter hangs on _PyRuntime");
        foreach (var interpreter in interpreters)
            CheckThreads(interpreter, runtime.Layout, failures);
        var types = failures.Count == 0 && !runtime.IsCollecting(memory, limits) ? CheckCollectors(runtime, interpreters, failures) : 0;
        return new LayoutFindings(failures, types);
    }

    private void CheckThreads(PythonInterpreter interpreter, CPythonLayout layout, List<string> failures)
    {
        if (!memory.TryRead(interpreter.Address + layout.PyInterpreterState.next, out ulong _))
            failures.Add($"the interpreter at {interpreter.Address} cannot be read");
        if (interpreter.Id is < 0 or > int.MaxValue)
            failures.Add($"the interpreter at {interpreter.Address} has the id {interpreter.Id}");
        foreach (var thread in interpreter.Threads)
            if (!memory.TryReadAddress(thread.Address + layout.PyThreadState.interp, out var owner) || owner != interpreter.Address)
                failures.Add($"the thread state at {thread.Address} does not belong to its interpreter");
    }

    private int CheckCollectors(PythonRuntime runtime, IReadOnlyList<PythonInterpreter> interpreters, List<string> failures)
    {
        var check = new CollectorCheck(memory, runtime.Layout);
        var collectors = interpreters.Select(runtime.CollectorOf).Distinct().ToList();
        collectors.ForEach(collector => check.Check(collector, failures));
        return failures.Count == 0
            ? new TypeCheck(memory, runtime.Layout).Check(collectors.SelectMany(collector => check.Objects(collector, ObjectsOfEachList)), failures)
            : 0;
    }
}
