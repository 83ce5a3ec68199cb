using Hognose.CPython.Objects;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>Where a frame keeps its variables, and what they are called.</summary>
internal sealed unsafe class FrameSlots(WalkContext context, InterpreterFrameReader? frames)
{
    private readonly LocalNames _names = new(context);
    private readonly int _frameObject = context.Layout.PyGenObject.gi_frame;
    private readonly int _generatorFrame = context.Layout.PyGenObject.gi_iframe;
    private readonly int _objectCode = context.Layout.PyFrameObject.f_code;
    private readonly int _objectLocals = context.Layout.PyFrameObject.f_localsplus;
    private readonly int _objectFrame = context.Layout.PyFrameObject.f_frame;
    private readonly int _locals = context.Layout.PyInterpreterFrame.localsplus;

    public LocalNames Names => _names;

    /// <summary>Variables of a generator, coroutine or asynchronous generator.</summary>
    public IEnumerable<(string Name, ulong Value)> OfGenerator(ulong generator) =>
        _generatorFrame >= 0 ? OfFrame(generator + (ulong)_generatorFrame) : OfFrameObject(context.Memory.U64(generator + (ulong)_frameObject));

    public IEnumerable<(string Name, ulong Value)> OfFrameObject(ulong frame)
    {
        if (frame == 0)
            return [];
        return frames is null
            ? Read(frame + (ulong)_objectLocals, context.Memory.U64(frame + (ulong)_objectCode))
            : OfFrame(context.Memory.U64(frame + (ulong)_objectFrame));
    }

    /// <summary>Variables of a frame struct (3.11+).</summary>
    public IEnumerable<(string Name, ulong Value)> OfFrame(ulong frame) => frames is null ? [] : Read(frame + (ulong)_locals, frames.CodeOf(frame));

    private IEnumerable<(string Name, ulong Value)> Read(ulong slots, ulong code)
    {
        var names = _names.Of(code);
        for (var i = 0; i < names.Count; i++)
        {
            // A tagged word (3.14+) keeps its tags in the two lowest bits, where an object's address has none.
            var value = context.Memory.U64(slots + ((ulong)i * 8)) & ~7ul;
            if (value != 0)
                yield return (names[i], value);
        }
    }
}
