using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>
/// The memo of a Pickler: a table of four words (mask, used, allocated, entries) that points at pairs of a key and an index, as in
/// Modules/_pickle.c from 3.8 to 3.15.
/// </summary>
internal sealed unsafe class PicklerMemo(WalkContext context)
{
    private const int HeaderBytes = 32;
    private const int EntryBytes = 16;

    private readonly int _memo = context.Layout.PicklerObject.memo;

    public long Bytes(byte* pickler) =>
        TryHeader(pickler, out var header) ? HeaderBytes + header[2] * EntryBytes : 0;

    public void AddKeys(byte* pickler, EdgeBuffer edges, EdgeKind kind)
    {
        if (!TryHeader(pickler, out var header))
            return;
        var entries = (ulong*)context.Items((ulong)header[3], header[2], EntryBytes);
        if (entries == null)
            return;
        for (long i = 0; i < header[2]; i++)
            edges.Add(entries[i * 2], kind);
    }

    private bool TryHeader(byte* pickler, out long* header)
    {
        var memo = *(ulong*)(pickler + _memo);
        header = (long*)context.Memory.Translate(memo, HeaderBytes);
        return memo != 0 && header != null && header[2] >= 0 && header[2] < context.MaxItems;
    }
}

/// <summary>What a Pickler has met and must not write twice.</summary>
internal sealed unsafe class PicklerReader(WalkContext context, EdgeKind kind) : ObjectReader
{
    private readonly PicklerMemo _memo = new(context);

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges) => _memo.AddKeys(at, edges, kind);
}

/// <summary><c>Pickler.__sizeof__</c>.</summary>
internal sealed unsafe class PicklerSize(WalkContext context) : SizeReader
{
    private readonly PicklerMemo _memo = new(context);
    private readonly int _buffer = context.Layout.PicklerObject.output_buffer;
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _bytes = context.Layout.PyBytesObject.ob_sval + 1;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var buffer = *(ulong*)(at + _buffer);
        return type.BasicSize + _memo.Bytes(at) + (buffer == 0 ? 0 : _bytes + context.Memory.I64(buffer + (ulong)_count));
    }
}

/// <summary><c>Unpickler.__sizeof__</c>: memo, marks, and three C strings.</summary>
internal sealed unsafe class UnpicklerSize(WalkContext context) : SizeReader
{
    private readonly int _memoSize = context.Layout.UnpicklerObject.memo_size;
    private readonly int _memo = context.Layout.UnpicklerObject.memo;
    private readonly int _marks = context.Layout.UnpicklerObject.marks;
    private readonly int _marksSize = context.Layout.UnpicklerObject.marks_size;
    private readonly int[] _texts =
        [context.Layout.UnpicklerObject.input_line, context.Layout.UnpicklerObject.encoding, context.Layout.UnpicklerObject.errors];

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var size = type.BasicSize;
        if (*(ulong*)(at + _memo) != 0)
            size += 8 * *(long*)(at + _memoSize);
        if (*(ulong*)(at + _marks) != 0)
            size += 8 * *(long*)(at + _marksSize);
        foreach (var text in _texts)
            if (*(ulong*)(at + text) is var start and not 0)
                size += context.Memory.LengthOf(start, context.Limits.NameBytes) + 1;
        return size;
    }
}
