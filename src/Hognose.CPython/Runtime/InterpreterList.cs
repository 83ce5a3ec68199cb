using Hognose.CPython.Layouts;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Runtime;

/// <summary>The chains from <c>_PyRuntime</c> to interpreters and from each to its threads, bounded against loops.</summary>
internal static class InterpreterList
{
    public static IReadOnlyList<PythonInterpreter> Read(IMemoryReader memory, TargetAddress runtime, CPythonLayout layout, Limits limits, bool withThreads)
    {
        var interpreters = new List<PythonInterpreter>();
        foreach (var address in Chain(memory, runtime + layout.PyRuntimeState.interpreters_head, layout.PyInterpreterState.next, limits))
        {
            _ = memory.TryRead(address + layout.PyInterpreterState.id, out long id);
            interpreters.Add(new PythonInterpreter(address, id, withThreads ? [.. Threads(memory, address, layout, limits)] : []));
        }
        return interpreters;
    }

    /// <summary>Whether a struct at <paramref name="address"/> has a first thread that knows it as its interpreter.</summary>
    public static bool IsInterpreter(IMemoryReader memory, TargetAddress address, CPythonLayout layout) =>
        memory.TryReadAddress(address + ThreadsHead(layout), out var thread)
        && !thread.IsNull
        && memory.TryReadAddress(thread + layout.PyThreadState.interp, out var interpreter)
        && interpreter == address;

    private static IEnumerable<PythonThread> Threads(IMemoryReader memory, TargetAddress interpreter, CPythonLayout layout, Limits limits)
    {
        foreach (var address in Chain(memory, interpreter + ThreadsHead(layout), layout.PyThreadState.next, limits))
        {
            _ = memory.TryRead(address + layout.PyThreadState.thread_id, out ulong pthread);
            var nativeId = 0UL;
            if (layout.PyThreadState.native_thread_id != CPythonLayout.Absent)
                _ = memory.TryRead(address + layout.PyThreadState.native_thread_id, out nativeId);
            yield return new PythonThread(address, pthread, nativeId);
        }
    }

    private static int ThreadsHead(CPythonLayout layout) =>
        layout.PyInterpreterState.threads_head != CPythonLayout.Absent
            ? layout.PyInterpreterState.threads_head
            : layout.PyInterpreterState.tstate_head;

    private static IEnumerable<TargetAddress> Chain(IMemoryReader memory, TargetAddress head, int next, Limits limits)
    {
        var seen = new HashSet<TargetAddress>();
        if (!memory.TryReadAddress(head, out var address))
            yield break;
        while (!address.IsNull && seen.Count < limits.Threads && seen.Add(address))
        {
            yield return address;
            if (!memory.TryReadAddress(address + next, out address))
                yield break;
        }
    }
}
