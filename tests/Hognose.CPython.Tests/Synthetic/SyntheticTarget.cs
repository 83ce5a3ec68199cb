using Hognose.CPython.Layouts;
using Hognose.CPython.Layouts.Validation;
using Hognose.CPython.Runtime;
using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>
/// A CPython that never ran: runtime, one interpreter, one thread, a collector and whatever objects a test makes, laid out from the same
/// data that the readers read by. It serves every version of which there is a table, on a machine that has none of them.
/// </summary>
internal sealed class SyntheticTarget : IDisposable
{
    private const int Generations = 3;
    private const int OldSpaces = 2;
    private readonly CPythonLayout _layout;

    public SyntheticTarget(CPythonLayout layout, ulong sparseBytes = 0)
    {
        _layout = layout;
        Memory = new SyntheticMemory(sparseBytes);
        Runtime = Memory.Allocate(layout.PyRuntimeState.Size);
        Interpreter = Memory.Allocate(layout.PyInterpreterState.Size);
        Thread = Memory.Allocate(layout.PyThreadState.Size);
        Types = new SyntheticTypes(Memory, layout);
        Objects = new SyntheticObjects(this, layout);
        Collector = layout.PyRuntimeState.gc != CPythonLayout.Absent ? Runtime + layout.PyRuntimeState.gc : Interpreter + layout.PyInterpreterState.gc;
        LinkRuntime();
        ListHeads.ForEach(EmptyList);
        if (layout.GcRuntimeState.generation0 != CPythonLayout.Absent)
            Memory.WritePointer(Collector, layout.GcRuntimeState.generation0, ListHeads[0]);
        if (layout.PyDebugOffsets.Size != CPythonLayout.Absent)
            WriteDebugOffsets();
    }

    public SyntheticMemory Memory { get; }

    public SyntheticTypes Types { get; }

    public SyntheticObjects Objects { get; }

    public TargetAddress Runtime { get; }

    public TargetAddress Interpreter { get; }

    public TargetAddress Thread { get; }

    public TargetAddress Collector { get; }

    public FrozenMemory Frozen => Memory.Frozen;

    public IReadOnlyList<MemoryRegion> Regions => Memory.Regions;

    public PythonBuild Build => new(Runtime, _layout.Version, true, "/made/up/python", RuntimeEvidence.Symbol);

    /// <summary>Every list of the collector, the youngest first and the permanent generation last.</summary>
    public List<TargetAddress> ListHeads
    {
        get
        {
            ref readonly var state = ref _layout.GcRuntimeState;
            var size = _layout.GcGeneration.Size;
            var heads = new List<TargetAddress>();
            if (state.generations != CPythonLayout.Absent)
                heads.AddRange(from i in Enumerable.Range(0, Generations) select Collector + (_layout.GcRuntimeState.generations + i * size));
            else
                heads.AddRange([Collector + state.young, .. from i in Enumerable.Range(0, OldSpaces) select Collector + (_layout.GcRuntimeState.old + i * size)]);
            heads.Add(Collector + state.permanent_generation);
            return heads;
        }
    }

    public PythonRuntime Resolve(DiagnosticBag diagnostics) => LayoutResolver.Resolve(Frozen, Build, Limits.Default, diagnostics);

    /// <summary>Puts an object, whose collector's head stands before it, at the end of a list.</summary>
    public void Track(TargetAddress target, int list = 0)
    {
        ref readonly var link = ref _layout.PyGCHead;
        var head = ListHeads[list];
        var node = target - link.Size;
        _ = Frozen.TryReadAddress(head + link._gc_prev, out var last);
        Memory.WritePointer(last, link._gc_next, node);
        Memory.WritePointer(node, link._gc_prev, last);
        Memory.WritePointer(node, link._gc_next, head);
        Memory.WritePointer(head, link._gc_prev, node);
    }

    public void WriteDebugOffset(string name, ulong value) => Memory.Write(Runtime, _layout["PyDebugOffsets." + name], value);

    public void Dispose() => Memory.Dispose();

    private void LinkRuntime()
    {
        ref readonly var runtime = ref _layout.PyRuntimeState;
        ref readonly var interpreter = ref _layout.PyInterpreterState;
        Memory.Write(Runtime, runtime.initialized, 1);
        Memory.WritePointer(Runtime, runtime.interpreters_head, Interpreter);
        Memory.WritePointer(Runtime, runtime.interpreters_main, Interpreter);
        Memory.WritePointer(Interpreter, interpreter.threads_head != CPythonLayout.Absent ? interpreter.threads_head : interpreter.tstate_head, Thread);
        Memory.WritePointer(Thread, _layout.PyThreadState.interp, Interpreter);
    }

    private void EmptyList(TargetAddress head)
    {
        Memory.WritePointer(head, _layout.PyGCHead._gc_next, head);
        Memory.WritePointer(head, _layout.PyGCHead._gc_prev, head);
    }

    private void WriteDebugOffsets()
    {
        Memory.WriteBytes(Runtime, "xdebugpy"u8);
        WriteDebugOffset("version", _layout.Version.Hex);
        foreach (var (debug, ours) in DebugOffsetNames.Pairs)
            if (_layout[debug] != CPythonLayout.Absent && _layout[ours] != CPythonLayout.Absent)
                Memory.Write(Runtime, _layout[debug], (ulong)_layout[ours]);
    }
}
