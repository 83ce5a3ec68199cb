using Hognose.CPython.Types;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Objects;

/// <summary><c>object.__sizeof__</c>: the fixed part and the items that the type declares.</summary>
internal sealed unsafe class DefaultSize(WalkContext context) : SizeReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        type.ItemSize == 0 ? type.BasicSize : type.BasicSize + type.ItemSize * ClampedCount(at);

    private long ClampedCount(byte* at)
    {
        var count = *(long*)(at + _sizeOffset);
        return count > -context.MaxItems && count < context.MappedBytes ? count : 0;
    }
}

/// <summary>The fixed part and a buffer of so many items, the number standing in the object.</summary>
internal sealed unsafe class BufferSize(int count, int itemSize, int onlyIfSet = -1) : SizeReader
{
    public override long SizeOf(byte* at, ulong address, PyType type) =>
        onlyIfSet >= 0 && *(ulong*)(at + onlyIfSet) == 0 ? type.BasicSize : type.BasicSize + *(long*)(at + count) * itemSize;
}

/// <summary><c>int.__sizeof__</c> up to 3.10: no digit for zero.</summary>
internal sealed unsafe class LongSize_3_8(WalkContext context) : SizeReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;
    private readonly int _digits = context.Layout.PyLongObject.ob_digit;

    public override long SizeOf(byte* at, ulong address, PyType type) => _digits + 4L * TargetWords.Magnitude(*(int*)(at + _sizeOffset));
}

/// <summary>3.11: at least one digit (gh-101446).</summary>
internal sealed unsafe class LongSize_3_11(WalkContext context) : SizeReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;
    private readonly int _digits = context.Layout.PyLongObject.ob_digit;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        _digits + 4L * Math.Max(1, TargetWords.Magnitude(*(int*)(at + _sizeOffset)));
}

/// <summary>3.12: the digit count stands above three bits of the tag (Include/internal/pycore_long.h).</summary>
internal sealed unsafe class LongSize_3_12(WalkContext context) : SizeReader
{
    private readonly int _tag = context.Layout.PyLongObject.lv_tag;
    private readonly int _digits = context.Layout.PyLongObject.ob_digit;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        _digits + 4L * Math.Max(1, (long)(*(ulong*)(at + _tag) >> 3) & 0x3fffffff);
}

/// <summary><c>set.__sizeof__</c>: the table only when it left the object.</summary>
internal sealed unsafe class SetSize(WalkContext context) : SizeReader
{
    private readonly int _table = context.Layout.PySetObject.table;
    private readonly int _mask = context.Layout.PySetObject.mask;
    private readonly int _small = context.Layout.PySetObject.smalltable;
    private readonly int _entry = context.Layout.SetEntry.Size;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        *(ulong*)(at + _table) == address + (ulong)_small ? type.BasicSize : type.BasicSize + (*(long*)(at + _mask) + 1) * _entry;
}

/// <summary><c>deque.__sizeof__</c>: whole blocks.</summary>
internal sealed unsafe class DequeSize(WalkContext context) : SizeReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;
    private readonly int _leftIndex = context.Layout.DequeObject.leftindex;
    private readonly int _block = context.Layout.DequeBlock.Size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        const int itemsPerBlock = 64;
        var items = *(long*)(at + _leftIndex) + *(long*)(at + _sizeOffset);
        return type.BasicSize + (items + itemsPerBlock - 1) / itemsPerBlock * _block;
    }
}

/// <summary><c>array.__sizeof__</c>: allocated items of the descriptor's width.</summary>
internal sealed unsafe class ArraySize(WalkContext context) : SizeReader
{
    private readonly int _allocated = context.Layout.ArrayObject.allocated;
    private readonly int _descriptor = context.Layout.ArrayObject.ob_descr;
    private readonly int _itemSize = context.Layout.ArrayDescriptor.itemsize;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        type.BasicSize + *(long*)(at + _allocated) * context.Memory.U32(*(ulong*)(at + _descriptor) + (ulong)_itemSize);
}

/// <summary>Itertools' combinatorics: a word for each element of the pool, and for each of the result.</summary>
internal sealed unsafe class PoolsSize(WalkContext context, int pool, int wordsPerPoolItem, int r) : SizeReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var items = context.Memory.I64(*(ulong*)(at + pool) + (ulong)_sizeOffset) * wordsPerPoolItem;
        return type.BasicSize + 8 * (items + (r >= 0 ? *(long*)(at + r) : 0));
    }
}

/// <summary><c>bytearray.__sizeof__</c> from 3.15 on: the buffer is a bytes object of its own (gh-139871).</summary>
internal sealed unsafe class ByteArraySize_3_15 : SizeReader
{
    private readonly int _buffer;
    private readonly int _allocated;
    private readonly int _header;

    public ByteArraySize_3_15(WalkContext context)
    {
        var layout = context.Layout;
        _buffer = layout.PyByteArrayObject.ob_bytes_object;
        _allocated = layout.PyByteArrayObject.ob_alloc;
        _header = layout.PyBytesObject.ob_sval + 1;
        HasStorage = true;
    }

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var allocated = *(long*)(at + _allocated);
        return allocated == 0 ? type.BasicSize : type.BasicSize + _header + allocated;
    }

    public override ulong StorageOf(byte* at) => *(long*)(at + _allocated) == 0 ? 0 : *(ulong*)(at + _buffer);
}
