using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Naming;

/// <summary>A thread that <c>threading</c> knows.</summary>
/// <param name="NativeId">The kernel's id, as the process sees it; 0: not known.</param>
public readonly record struct LiveThread(string Name, long NativeId);

/// <summary>
/// What the <c>threading</c> of a running program calls its threads (<c>threading._active</c>), read from outside while it runs: nothing is stopped. An entry
/// counts only when the thread's own <c>_ident</c> says the same as its key, so that what changes under the look is left out and not taken for a name.
/// </summary>
public sealed class LiveThreads(TargetProcess process, PythonRuntime python, Limits limits)
{
    /// <summary>Of each interpreter that has imported threading. The module keeps one dict as long as it lives.</summary>
    private List<ulong> _active = [];

    /// <summary>By <c>pthread_t</c>; empty when the process has ended or has not imported threading.</summary>
    /// <param name="wanted">Whose names are read; null: of all threads.</param>
    public IReadOnlyDictionary<ulong, LiveThread> Read(IReadOnlySet<ulong>? wanted = null)
    {
        var threads = new Dictionary<ulong, LiveThread>();
        try
        {
            using var objects = new LiveObjects(process, python, limits);
            if (_active.Count == 0)
                _active = Find(objects);
            foreach (var (key, thread) in _active.SelectMany(objects.Entries).Take(limits.Threads))
                if (objects.Number(key) is var ident and not 0 && wanted?.Contains(ident) != false && NameOf(objects, thread, ident) is { Name.Length: > 0 } named)
                    threads.TryAdd(ident, named);
        }
        catch (CannotContinueException)
        {
            // It has ended, or may not be read any more: nobody is told to do anything about it.
        }
        return threads;
    }

    /// <summary>The <c>pthread_t</c> of a <c>PyThreadState</c>; 0 when it cannot be read.</summary>
    public ulong PThreadOf(ulong threadState) =>
        process.Memory.TryRead(new TargetAddress(threadState) + python.Layout.PyThreadState.thread_id, out ulong ident) ? ident : 0;

    private static LiveThread NameOf(LiveObjects objects, ulong thread, ulong ident)
    {
        var values = objects.Attributes(thread, "_name", "_ident", "_native_id");
        return objects.Number(values[1]) == ident ? new LiveThread(objects.Text(values[0]) ?? "", (long)objects.Number(values[2])) : default;
    }

    private List<ulong> Find(LiveObjects objects)
    {
        var layout = python.Layout;
        var field = layout.PyInterpreterState.imports_modules >= 0 ? layout.PyInterpreterState.imports_modules : layout.PyInterpreterState.modules;
        var found = new List<ulong>();
        foreach (var interpreter in python.ReadInterpreters(process.Memory, limits, withThreads: false))
            if (objects.ValueOf(objects.Word(interpreter.Address.Value + (ulong)field), "threading") is var module and not 0
                && objects.ValueOf(objects.Word(module + (ulong)layout.PyModuleObject.md_dict), "_active") is var active and not 0)
                found.Add(active);
        return found;
    }
}
