using Hognose.CPython.Layouts;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>Up to 3.10 a frame is an object with its locals and stack inside (Objects/frameobject.c, frame_traverse).</summary>
internal sealed unsafe class FrameObjectReader_3_8(WalkContext context) : ObjectReader
{
    private readonly int _code = context.Layout.PyFrameObject.f_code;
    private readonly int _locals = context.Layout.PyFrameObject.f_localsplus;
    private readonly int _valueStack = context.Layout.PyFrameObject.f_valuestack;
    private readonly int _stackTop = context.Layout.PyFrameObject.f_stacktop;
    private readonly int _stackDepth = context.Layout.PyFrameObject.f_stackdepth;
    private readonly CodeSlots_3_8 _slots = new(context);
    private readonly int[] _fields =
    [
        context.Layout.PyFrameObject.f_back, context.Layout.PyFrameObject.f_code, context.Layout.PyFrameObject.f_builtins,
        context.Layout.PyFrameObject.f_globals, context.Layout.PyFrameObject.f_locals, context.Layout.PyFrameObject.f_trace,
    ];

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        foreach (var field in _fields)
            edges.Add(*(ulong*)(at + field), EdgeKind.Ref);
        var code = *(ulong*)(at + _code);
        var locals = _slots.Locals(code);
        AddWords(address + (ulong)_locals, locals, EdgeKind.Ref, edges);
        var stack = *(ulong*)(at + _valueStack);
        var depth = Depth(at, stack);
        if (depth >= 0)
            AddWords(stack, depth, EdgeKind.Ref, edges);
        else
            AddWords(stack, _slots.Stack(code), EdgeKind.Cons, edges);
    }

    // Negative while the frame runs: only the evaluation loop knows how deep its stack is.
    private long Depth(byte* at, ulong stack)
    {
        if (_stackDepth >= 0)
            return *(int*)(at + _stackDepth);
        var top = *(ulong*)(at + _stackTop);
        return top == 0 ? -1 : (long)(top - stack) / 8;
    }

    private void AddWords(ulong address, long count, EdgeKind kind, EdgeBuffer edges)
    {
        var words = context.Items(address, count, 8);
        if (words != null)
            edges.AddAll((ulong*)words, count, kind);
    }
}

/// <summary>How many slots a frame of some code has, up to 3.10.</summary>
internal sealed unsafe class CodeSlots_3_8(WalkContext context)
{
    private readonly int _size = context.Layout.PyCodeObject.Size;
    private readonly int _locals = context.Layout.PyCodeObject.co_nlocals;
    private readonly int _stack = context.Layout.PyCodeObject.co_stacksize;
    private readonly int _cells = context.Layout.PyCodeObject.co_cellvars;
    private readonly int _free = context.Layout.PyCodeObject.co_freevars;
    private readonly int _count = context.Layout.PyVarObject.ob_size;

    public long Locals(ulong code)
    {
        var at = context.Memory.Translate(code, (ulong)_size);
        return at == null ? 0
            : *(int*)(at + _locals) + Count(*(ulong*)(at + _cells)) + Count(*(ulong*)(at + _free));
    }

    public long Stack(ulong code)
    {
        var at = context.Memory.Translate(code, (ulong)_size);
        return at == null ? 0 : *(int*)(at + _stack);
    }

    private long Count(ulong tuple) => context.Memory.I64(tuple + (ulong)_count);
}

/// <summary><c>frame.__sizeof__</c> up to 3.10: the stack and all but one of the locals follow the struct.</summary>
internal sealed unsafe class FrameObjectSize_3_8(WalkContext context) : SizeReader
{
    private readonly int _code = context.Layout.PyFrameObject.f_code;
    private readonly int _size = context.Layout.PyFrameObject.Size;
    private readonly CodeSlots_3_8 _slots = new(context);

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var code = *(ulong*)(at + _code);
        return _size + 8 * (_slots.Locals(code) + _slots.Stack(code) - 1);
    }
}

/// <summary>How a word of a frame names an object: plain, or since 3.14 with tag bits (Include/internal/pycore_stackref.h).</summary>
internal interface IStackWords
{
    static abstract ulong Decode(ulong word);
}

internal readonly struct PlainWords : IStackWords
{
    public static ulong Decode(ulong word) => word;
}

/// <summary>Bits 1 and 1: a tagged int; bit 0: a borrowed reference; the value 1: nothing.</summary>
internal readonly struct TaggedWords_3_14 : IStackWords
{
    public static ulong Decode(ulong word) => (word & 3) is 2 or 3 ? 0 : word & ~1ul;
}

/// <summary>The frame struct of 3.11 on, which lies in a thread's data stack, in a generator or in a frame object.</summary>
internal abstract unsafe class InterpreterFrameReader
{
    /// <summary>What the frame refers to.</summary>
    /// <param name="frame">Address of the struct in the target.</param>
    /// <param name="edges">Appended to.</param>
    /// <param name="isVisited">Whether <c>tp_traverse</c> of the frame's owner visits it.</param>
    public abstract void Read(ulong frame, EdgeBuffer edges, bool isVisited);

    /// <summary>The code that the frame runs, or zero.</summary>
    public abstract ulong CodeOf(ulong frame);
}

/// <summary>
/// Locals up to the top of the stack; of a running frame the top is unknown, so its locals count as owned and not visited, and its stack
/// is read conservatively (Python/frame.c, _PyFrame_Traverse).
/// </summary>
internal sealed unsafe class InterpreterFrameReader_3_11<TWords>(WalkContext context) : InterpreterFrameReader
    where TWords : IStackWords
{
    private readonly int _size = context.Layout.PyInterpreterFrame.localsplus;
    private readonly int _code = context.Layout.PyInterpreterFrame.f_executable >= 0
        ? context.Layout.PyInterpreterFrame.f_executable : context.Layout.PyInterpreterFrame.f_code;

    private readonly int _function = context.Layout.PyInterpreterFrame.f_funcobj >= 0
        ? context.Layout.PyInterpreterFrame.f_funcobj : context.Layout.PyInterpreterFrame.f_func;

    private readonly int _localsDict = context.Layout.PyInterpreterFrame.f_locals;
    private readonly int _frameObject = context.Layout.PyInterpreterFrame.frame_obj;
    private readonly int _stackTop = context.Layout.PyInterpreterFrame.stacktop;
    private readonly int _stackPointer = context.Layout.PyInterpreterFrame.stackpointer;
    private readonly CodeSlots_3_11 _slots = new(context);

    public override ulong CodeOf(ulong frame) => TWords.Decode(context.Memory.U64(frame + (ulong)_code));

    public override void Read(ulong frame, EdgeBuffer edges, bool isVisited)
    {
        var at = context.Memory.Translate(frame, (ulong)_size);
        if (at == null)
            return;
        var kind = isVisited ? EdgeKind.Ref : EdgeKind.Extra;
        var code = TWords.Decode(*(ulong*)(at + _code));
        edges.Add(*(ulong*)(at + _frameObject), kind);
        edges.Add(*(ulong*)(at + _localsDict), kind);
        edges.Add(TWords.Decode(*(ulong*)(at + _function)), kind);
        edges.Add(code, kind);
        ReadSlots(at, frame + (ulong)_size, code, kind, edges);
    }

    private void ReadSlots(byte* at, ulong slots, ulong code, EdgeKind kind, EdgeBuffer edges)
    {
        var all = _slots.All(code);
        var top = Top(at, slots);
        if (top >= 0 && top <= all)
        {
            Add(slots, top, kind, edges);
            return;
        }
        var locals = Math.Min(_slots.Locals(code), all);
        Add(slots, locals, EdgeKind.Extra, edges);
        Add(slots + (ulong)locals * 8, all - locals, EdgeKind.Cons, edges);
    }

    private long Top(byte* at, ulong slots)
    {
        if (_stackPointer < 0)
            return *(int*)(at + _stackTop);
        var pointer = *(ulong*)(at + _stackPointer);
        return pointer < slots ? -1 : (long)(pointer - slots) / 8;
    }

    private void Add(ulong address, long count, EdgeKind kind, EdgeBuffer edges)
    {
        var words = (ulong*)context.Items(address, count, 8);
        if (words == null)
            return;
        for (long i = 0; i < count; i++)
            edges.Add(TWords.Decode(words[i]), kind);
    }
}

/// <summary>How many slots a frame of some code has, from 3.11 on.</summary>
internal sealed unsafe class CodeSlots_3_11(WalkContext context)
{
    private const long MostSlots = 1 << 24;

    private readonly int _size = context.Layout.PyCodeObject.Size;
    private readonly int _locals = context.Layout.PyCodeObject.co_nlocalsplus;
    private readonly int _stack = context.Layout.PyCodeObject.co_stacksize;
    private readonly int _frameSize = context.Layout.PyCodeObject.co_framesize;
    private readonly int _header = context.Layout.PyInterpreterFrame.localsplus / 8;

    public long Locals(ulong code) => Read(code, _locals);

    public long All(ulong code) =>
        _frameSize >= 0 ? Math.Max(0, Read(code, _frameSize) - _header) : Read(code, _locals) + Read(code, _stack);

    private long Read(ulong code, int offset)
    {
        var at = context.Memory.Translate(code, (ulong)_size);
        var count = at == null ? 0 : *(int*)(at + offset);
        return count is >= 0 and <= (int)MostSlots ? count : 0;
    }
}

/// <summary>From 3.11 on a frame object is a view of a frame struct, which it owns once the function has returned.</summary>
internal sealed unsafe class FrameObjectReader_3_11(WalkContext context, InterpreterFrameReader frames) : ObjectReader
{
    private const byte OwnedByFrameObject = 2;

    private readonly int _frame = context.Layout.PyFrameObject.f_frame;
    private readonly int _ownFrame = context.Layout.PyFrameObject._f_frame_data;
    private readonly int _owner = context.Layout.PyInterpreterFrame.owner;
    private readonly int[] _fields =
    [
        .. new[]
        {
            context.Layout.PyFrameObject.f_back, context.Layout.PyFrameObject.f_trace, context.Layout.PyFrameObject.f_extra_locals,
            context.Layout.PyFrameObject.f_locals_cache, context.Layout.PyFrameObject.f_overwritten_fast_locals,
        }.Where(offset => offset >= 0),
    ];

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        foreach (var field in _fields)
            edges.Add(*(ulong*)(at + field), EdgeKind.Ref);
        var frame = *(ulong*)(at + _frame);
        if (frame == address + (ulong)_ownFrame && context.Memory.U8(frame + (ulong)_owner) == OwnedByFrameObject)
            frames.Read(frame, edges, isVisited: true);
    }
}

/// <summary>Frame objects, generators and coroutines: the struct of the frame and its slots follow the object's own part.</summary>
internal sealed unsafe class FramedSize_3_11(WalkContext context, InterpreterFrameReader frames, int frameAt, bool isPointer) : SizeReader
{
    private readonly int _ownFrame = context.Layout.PyFrameObject._f_frame_data;
    private readonly int _header = context.Layout.PyInterpreterFrame.localsplus;
    private readonly CodeSlots_3_11 _slots = new(context);

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var frame = isPointer ? *(ulong*)(at + frameAt) : address + (ulong)frameAt;
        return (isPointer ? _ownFrame : frameAt) + _header + 8 * _slots.All(frames.CodeOf(frame));
    }
}

/// <summary>Fields of the chain of handled exceptions that a generator keeps (<c>exc_state_traverse</c>).</summary>
internal static class ExceptionState
{
    public static int[] Offsets(CPythonLayout layout, int at) =>
    [
        .. new[] { layout.PyErrStackItem.exc_type, layout.PyErrStackItem.exc_value, layout.PyErrStackItem.exc_traceback }
            .Where(offset => offset >= 0).Select(offset => at + offset),
    ];
}

/// <summary>Generators, coroutines and asynchronous generators from 3.11 on, which hold their frame (Objects/genobject.c, gen_traverse).</summary>
internal sealed unsafe class GeneratorFrameReader_3_11(WalkContext context, InterpreterFrameReader frames, sbyte cleared, EdgeKind codeWhenCleared) : ObjectReader
{
    private readonly int _state = context.Layout.PyGenObject.gi_frame_state;
    private readonly int _frame = context.Layout.PyGenObject.gi_iframe;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var state = *(sbyte*)(at + _state);
        if (state < cleared)
            frames.Read(address + (ulong)_frame, edges, isVisited: true);
        else
            edges.Add(frames.CodeOf(address + (ulong)_frame), codeWhenCleared);
    }
}
