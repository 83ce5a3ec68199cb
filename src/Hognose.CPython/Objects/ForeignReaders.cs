using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>The ring buffer behind a SimpleQueue (3.13 on, Modules/_queuemodule.c).</summary>
internal sealed unsafe class RingBufferReader(WalkContext context) : ObjectReader
{
    private readonly int _get = context.Layout.SimpleQueueObject.buf_get_idx;
    private readonly int _items = context.Layout.SimpleQueueObject.buf_items;
    private readonly int _capacity = context.Layout.SimpleQueueObject.buf_items_cap;
    private readonly int _count = context.Layout.SimpleQueueObject.buf_num_items;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var capacity = *(long*)(at + _capacity);
        var from = *(long*)(at + _get);
        var count = *(long*)(at + _count);
        var items = (ulong*)context.Items(*(ulong*)(at + _items), capacity, 8);
        if (items == null || from < 0 || from >= capacity || count < 0 || count > capacity)
            return;
        for (long i = 0; i < count; i++)
            edges.Add(items[(from + i) % capacity], EdgeKind.Ref);
    }
}

/// <summary>What a ctypes type knows of its C type: a format, dimensions, the fields for libffi.</summary>
internal sealed unsafe class CtypesInfoSize(WalkContext context, int format, int dimensions, int length, int elements)
{
    public long BytesOf(byte* info)
    {
        long size = 0;
        var text = *(ulong*)(info + format);
        if (text != 0)
            size += context.Memory.LengthOf(text, context.Limits.NameBytes) + 1;
        size += 8L * *(int*)(info + dimensions);
        if (*(ulong*)(info + elements) != 0)
            size += 8 * (*(long*)(info + length) + 1);
        return size;
    }
}

/// <summary><c>StgDict.__sizeof__</c>: up to 3.12 the dict of a ctypes type is a dict with that knowledge behind it.</summary>
internal sealed unsafe class CtypesTypeDictSize(WalkContext context, SizeReader dict) : SizeReader
{
    private readonly CtypesInfoSize _info = new(
        context, context.Layout.CtypesTypeDictObject.format, context.Layout.CtypesTypeDictObject.ndim,
        context.Layout.CtypesTypeDictObject.length, context.Layout.CtypesTypeDictObject.ffi_type_pointer_elements);

    // PyCStgDict_sizeof adds what _PyDict_SizeOf, which goes by the type's basic size, has counted already.
    private readonly int _behindDict = context.Layout.CtypesTypeDictObject.Size - context.Layout.PyDictObject.Size;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        dict.SizeOf(at, address, type) + _behindDict + _info.BytesOf(at);
}

/// <summary>
/// <c>CType_Type.__sizeof__</c>: from 3.13 on the knowledge stands behind the type object, and the size is the metatype's, without what any
/// type counts besides (Modules/_ctypes/_ctypes.c).
/// </summary>
internal sealed unsafe class CtypesTypeSize(WalkContext context) : SizeReader
{
    // _PyObject_SIZE_ALIGN: PyObject_GetTypeData starts at a multiple of it.
    private const int Alignment = 16;

    private readonly CtypesInfoSize _info = new(
        context, context.Layout.CtypesTypeInfo.format, context.Layout.CtypesTypeInfo.ndim,
        context.Layout.CtypesTypeInfo.length, context.Layout.CtypesTypeInfo.ffi_type_pointer_elements);

    private readonly int _infoAt = (context.Layout.PyHeapTypeObject.Size + Alignment - 1) & ~(Alignment - 1);
    private readonly int _infoSize = context.Layout.CtypesTypeInfo.Size;
    private readonly int _initialized = context.Layout.CtypesTypeInfo.initialized;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var info = context.Memory.Translate(address + (ulong)_infoAt, (ulong)_infoSize);
        return info == null || *(int*)(info + _initialized) == 0 ? type.BasicSize : type.BasicSize + _info.BytesOf(info);
    }
}

/// <summary>Up to 3.12 a ctypes pointer type visits the type that it points to on behalf of its dict (CDataType_traverse).</summary>
internal sealed unsafe class CtypesPointerTypeReader(WalkContext context) : ObjectReader
{
    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _basicSize = context.Layout.PyTypeObject.tp_basicsize;
    private readonly int _proto = context.Layout.CtypesTypeDictObject.proto;
    private readonly int _size = context.Layout.CtypesTypeDictObject.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var dict = context.Memory.Translate(*(ulong*)(at + _dict), (ulong)_size);
        // Of the abstract base the dict is a plain one.
        if (dict != null && context.Memory.U64(*(ulong*)(dict + _type) + (ulong)_basicSize) == (ulong)_size)
            edges.Add(*(ulong*)(dict + _proto), EdgeKind.GcOnly);
    }
}
