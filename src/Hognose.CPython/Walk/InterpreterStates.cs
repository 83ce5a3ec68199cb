using Hognose.Targets.Memory;

namespace Hognose.CPython.Walk;

/// <summary>The interpreters of a process and their threads, as linked lists that are not believed beyond their limits.</summary>
internal sealed class InterpreterStates
{
    private readonly WalkContext _context;

    public InterpreterStates(WalkContext context, TargetAddress runtime)
    {
        _context = context;
        var layout = context.Layout;
        Runtime = runtime.Value;
        Interpreters = Follow(
            context.Memory.U64(Runtime + (ulong)layout.PyRuntimeState.interpreters_head), layout.PyInterpreterState.next);
        var head = layout.PyInterpreterState.threads_head >= 0 ? layout.PyInterpreterState.threads_head : layout.PyInterpreterState.tstate_head;
        foreach (var interpreter in Interpreters)
            Threads.AddRange(Follow(context.Memory.U64(interpreter + (ulong)head), layout.PyThreadState.next));
    }

    public ulong Runtime { get; }

    /// <summary>Newest first.</summary>
    public List<ulong> Interpreters { get; }

    public List<ulong> Threads { get; } = [];

    private List<ulong> Follow(ulong first, int next)
    {
        var states = new List<ulong>();
        var seen = new HashSet<ulong>();
        for (var state = first; state != 0 && seen.Add(state); state = _context.Memory.U64(state + (ulong)next))
        {
            if (states.Count == _context.Limits.Threads || !_context.IsCopied(state, 8))
            {
                _context.Diagnostics.Add("HG0101", $"the list of interpreters or threads breaks off at 0x{state:x}");
                break;
            }
            states.Add(state);
        }
        return states;
    }
}
