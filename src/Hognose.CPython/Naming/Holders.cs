using Hognose.CPython.Objects;
using Hognose.CPython.Walk;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>What holds objects from outside the heap, by name: modules first, then variables of functions that run.</summary>
internal sealed unsafe class Holders(WalkContext context, ReaderSet readers, InterpreterStates states, Func<ulong, int> idOf)
{
    private readonly UnicodeText _text = new(context);
    private readonly FrameSlots _slots = new(context, readers.Frames);

    public IEnumerable<Holder> Read() => Modules().Concat(Locals());

    private IEnumerable<Holder> Modules()
    {
        var layout = context.Layout;
        var field = layout.PyInterpreterState.imports_modules >= 0 ? layout.PyInterpreterState.imports_modules : layout.PyInterpreterState.modules;
        foreach (var interpreter in states.Interpreters)
        {
            if (field < 0)
                yield break;
            foreach (var (name, module) in Entries(context.Memory.U64(interpreter + (ulong)field)))
                if (idOf(context.Memory.U64(module + (ulong)layout.PyModuleObject.md_dict)) is var dict and >= 0 && IsModule(module))
                    yield return new Holder(dict, HolderKind.Module, name);
        }
    }

    private bool IsModule(ulong address)
    {
        var type = context.Memory.U64(address + (ulong)context.Layout.PyObject.ob_type);
        var basicSize = context.Memory.I64(type + (ulong)context.Layout.PyTypeObject.tp_basicsize);
        return basicSize >= context.Layout.PyModuleObject.Size && idOf(address) >= 0;
    }

    private List<(string Name, ulong Value)> Entries(ulong dict)
    {
        var entries = new List<(string, ulong)>();
        if (!readers.Dicts.TryKeys(context.Memory.U64(dict + (ulong)readers.Dicts.MaKeys), out var keys))
            return entries;
        for (long i = 0; i < keys.Count; i++)
            if (keys.Value(i) != 0 && _text.Read(keys.Key(i)) is { } name)
                entries.Add((name, keys.Value(i)));
        return entries;
    }

    /// <summary>Threads stand newest first; the main thread is number 1.</summary>
    private IEnumerable<Holder> Locals()
    {
        for (var i = states.Threads.Count - 1; i >= 0; i--)
        {
            var thread = states.Threads.Count - i;
            foreach (var (frame, code) in Frames(states.Threads[i]))
            {
                var function = _slots.Names.FunctionOf(code);
                var file = _slots.Names.FileOf(code);
                foreach (var (name, value) in readers.Frames is null ? _slots.OfFrameObject(frame) : _slots.OfFrame(frame))
                    if (idOf(value) is var node and >= 0)
                        yield return new Holder(node, HolderKind.Local, name, thread, function, file);
            }
        }
    }

    private IEnumerable<(ulong Frame, ulong Code)> Frames(ulong thread)
    {
        var layout = context.Layout;
        var isObject = readers.Frames is null;
        var frame = isObject ? context.Memory.U64(thread + (ulong)layout.PyThreadState.frame) : RunningFrames.Innermost(context, thread);
        var previous = isObject ? layout.PyFrameObject.f_back : layout.PyInterpreterFrame.previous;
        for (var i = 0; frame != 0 && i < context.Limits.ChainLength; i++)
        {
            yield return (frame, isObject ? context.Memory.U64(frame + (ulong)layout.PyFrameObject.f_code) : readers.Frames!.CodeOf(frame));
            frame = context.Memory.U64(frame + (ulong)previous);
        }
    }
}
