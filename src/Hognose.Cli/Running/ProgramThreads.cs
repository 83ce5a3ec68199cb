using Hognose.CPython.Naming;
using Hognose.Diagnostics;
using Hognose.Recording.Summary;

namespace Hognose.Cli.Running;

/// <summary>Names of a program's threads: Python's own, read from outside; where Python has none yet, or no more, the kernel's.</summary>
internal sealed class ProgramThreads(int processId, InterpreterSearch search) : IThreadNames
{
    private static readonly Dictionary<ulong, LiveThread> None = [];
    private LiveThreads? _live;
    private ulong _firstState;

    public bool IsReady => _live is not null || search.Found() is not null;

    public IReadOnlyList<NamedThread> Look(IReadOnlyList<SeenThread> threads)
    {
        // Of a program with one thread nobody asks for its name.
        _firstState = _firstState != 0 || threads.Count == 0 ? _firstState : threads[0].State;
        if (threads.Any(thread => thread.State != _firstState))
            search.Hurry();
        if (_live is null && search.Found() is { } interpreter)
            _live = new LiveThreads(interpreter.Process, interpreter.Python, Limits.Default);
        var identities = threads.Select(thread => thread.State != 0 ? _live?.PThreadOf(thread.State) ?? 0 : 0).ToList();
        var known = _live?.Read(identities.ToHashSet()) ?? None;
        return [.. threads.Zip(identities, (thread, identity) => NameOf(thread, identity, known))];
    }

    private NamedThread NameOf(SeenThread thread, ulong identity, IReadOnlyDictionary<ulong, LiveThread> known)
    {
        if (known.TryGetValue(identity, out var live) && IsSame(thread, live))
            return new NamedThread(thread.KernelId != 0 ? thread.KernelId : live.NativeId, live.Name, IsPythons: true);
        return new NamedThread(thread.KernelId, thread.KernelId > 0 ? ThreadComm.Of(processId, thread.KernelId) : "");
    }

    private static bool IsSame(SeenThread seen, LiveThread live) => seen.KernelId == 0 || live.NativeId == 0 || seen.KernelId == live.NativeId;
}
