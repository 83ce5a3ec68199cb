using Hognose.CPython.Layouts;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Runtime;

/// <summary>A <c>PyThreadState</c>.</summary>
/// <param name="PThread">Its <c>pthread_t</c>.</param>
/// <param name="NativeId">The kernel's thread id; 0 before 3.11, which doesn't keep it.</param>
public readonly record struct PythonThread(TargetAddress Address, ulong PThread, ulong NativeId);

/// <summary>A <c>PyInterpreterState</c>. A subinterpreter may have no thread.</summary>
public sealed record PythonInterpreter(TargetAddress Address, long Id, IReadOnlyList<PythonThread> Threads);

/// <summary>A CPython together with the layout that its structs have.</summary>
public sealed class PythonRuntime(PythonBuild build, CPythonLayout layout)
{
    public PythonBuild Build => build;

    public CPythonLayout Layout => layout;

    public TargetAddress Address => build.Runtime;

    /// <summary>Newest first, as CPython links them; empty before initialisation and after the end.</summary>
    /// <param name="withThreads">False: whoever asks a running program each millisecond leaves them out, three reads a thread.</param>
    public IReadOnlyList<PythonInterpreter> ReadInterpreters(IMemoryReader memory, Limits limits, bool withThreads = true) =>
        InterpreterList.Read(memory, Address, layout, limits, withThreads);

    /// <summary>Its <c>_gc_runtime_state</c>: one of the process in 3.8, one an interpreter from 3.9 on.</summary>
    public TargetAddress CollectorOf(PythonInterpreter interpreter) =>
        layout.PyRuntimeState.gc != CPythonLayout.Absent
            ? Address + layout.PyRuntimeState.gc
            : interpreter.Address + layout.PyInterpreterState.gc;

    /// <summary>
    /// During a collection the lists' heads stand on a C stack and <c>_gc_prev</c> holds reference counts (Python/gc.c, deduce_unreachable).
    /// </summary>
    public bool IsCollecting(IMemoryReader memory, Limits limits) =>
        ReadInterpreters(memory, limits, withThreads: false).Any(interpreter =>
            memory.TryRead(CollectorOf(interpreter) + layout.GcRuntimeState.collecting, out int collecting) && collecting != 0);

    public bool IsInitialized(IMemoryReader memory) =>
        memory.TryRead(Address + layout.PyRuntimeState.initialized, out int initialized) && initialized != 0;

    /// <summary>Whether a thread has begun to take the interpreter down (Python/pylifecycle.c, Py_FinalizeEx).</summary>
    public bool IsFinalizing(IMemoryReader memory)
    {
        var offset = layout.PyRuntimeState._finalizing != CPythonLayout.Absent
            ? layout.PyRuntimeState._finalizing
            : layout.PyRuntimeState.finalizing;
        return memory.TryReadAddress(Address + offset, out var thread) && !thread.IsNull;
    }
}
