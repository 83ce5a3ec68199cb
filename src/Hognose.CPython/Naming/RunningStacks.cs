using Hognose.CPython.Walk;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>The Python stacks of all threads: functions with their lines and the objects that their variables hold.</summary>
internal sealed class RunningStacks(WalkContext context, ReaderSet readers, InterpreterStates states, Func<ulong, int> idOf)
{
    private readonly FrameSlots _slots = new(context, readers.Frames);
    private readonly CodeLines _lines = new(context, readers.Frames is not null);

    /// <param name="nameOf">By pthread_t.</param>
    public List<RunningThread> Read(IReadOnlyDictionary<ulong, string> nameOf)
    {
        var layout = context.Layout.PyThreadState;
        var threads = new List<RunningThread>();
        // Threads stand newest first; the main thread is number 1.
        for (var i = states.Threads.Count - 1; i >= 0; i--)
        {
            var state = states.Threads[i];
            var name = nameOf.GetValueOrDefault(context.Memory.U64(state + (ulong)layout.thread_id)) ?? "";
            var native = layout.native_thread_id >= 0 ? context.Memory.I64(state + (ulong)layout.native_thread_id) : 0;
            threads.Add(new RunningThread(states.Threads.Count - i, name, Math.Max(0, native), [.. Frames(state)]));
        }
        return threads;
    }

    private IEnumerable<RunningFrame> Frames(ulong thread)
    {
        var layout = context.Layout;
        var isObject = readers.Frames is null;
        var frame = isObject ? context.Memory.U64(thread + (ulong)layout.PyThreadState.frame) : RunningFrames.Innermost(context, thread);
        var previous = isObject ? layout.PyFrameObject.f_back : layout.PyInterpreterFrame.previous;
        for (var i = 0; frame != 0 && i < context.Limits.ChainLength; i++)
        {
            var code = isObject ? context.Memory.U64(frame + (ulong)layout.PyFrameObject.f_code) : readers.Frames!.CodeOf(frame);
            if (code != 0 && (isObject || _lines.IsOfPython(frame)))
                yield return new RunningFrame(
                    _slots.Names.FunctionOf(code), _slots.Names.FileOf(code), _lines.LineOf(frame, code), Variables(isObject ? _slots.OfFrameObject(frame) : _slots.OfFrame(frame)));
            frame = context.Memory.U64(frame + (ulong)previous);
        }
    }

    private List<FrameVariable> Variables(IEnumerable<(string Name, ulong Value)> variables)
    {
        var held = new List<FrameVariable>();
        foreach (var (name, value) in variables)
            if (idOf(value) is var node and >= 0)
                held.Add(new FrameVariable(name, node));
        return held;
    }
}
