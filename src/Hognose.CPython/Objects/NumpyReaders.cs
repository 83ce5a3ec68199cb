using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>
/// An array of numpy, whose struct is part of its C interface and has not moved since 1.7 (numpy/core/include/numpy/ndarraytypes.h,
/// PyArrayObject_fields). No layout table has it: tables are made from CPython's own headers.
/// </summary>
internal sealed unsafe class NumpyArrays(WalkContext context)
{
    public const string TypeName = "numpy.ndarray";

    public const int Base = 48;
    public const int ElementType = 56;

    /// <summary>What follows differs: cached buffers (1.20), the memory's handler (1.22).</summary>
    public const int End = 80;

    private const int Data = 16;
    private const int DimensionCount = 24;
    private const int Dimensions = 32;
    private const int Flags = 64;
    private const int OwnsData = 4;
    private const int MostDimensions = 64;

    // PyArray_Descr: the number of the element type, and its size, which moved from an int to a word behind longer flags with 2.0.
    private const int TypeNumber = 28;
    private const int ObjectTypeNumber = 17;
    private const int ItemBytes_1 = 32;
    private const int ItemBytes_2 = 40;
    private const long DescriptorSize_1 = 96;

    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _basicSize = context.Layout.PyTypeObject.tp_basicsize;

    public long DimensionsOf(byte* at) => Math.Clamp(*(int*)(at + DimensionCount), 0, MostDimensions);

    public bool HasOwnData(byte* at) => (*(int*)(at + Flags) & OwnsData) != 0;

    /// <summary>Bytes of all elements, its own or another's.</summary>
    public long BytesOf(byte* at)
    {
        var count = DimensionsOf(at);
        var shape = (long*)context.Items(*(ulong*)(at + Dimensions), count, 8);
        if (count > 0 && shape == null)
            return 0;
        var bytes = ItemBytes(*(ulong*)(at + ElementType));
        for (long i = 0; i < count; i++)
        {
            if (shape[i] <= 0 || bytes > context.MappedBytes / shape[i])
                return 0;
            bytes *= shape[i];
        }
        return bytes;
    }

    /// <summary>The elements, when they are references that the array owns and that stand in a row.</summary>
    public ReadOnlySpan<ulong> ObjectsOf(byte* at)
    {
        if (!HasOwnData(at) || context.Memory.U32(*(ulong*)(at + ElementType) + TypeNumber) != ObjectTypeNumber)
            return [];
        var count = BytesOf(at) / 8;
        var items = count <= int.MaxValue ? context.Items(*(ulong*)(at + Data), count, 8) : null;
        return items == null ? [] : new ReadOnlySpan<ulong>(items, (int)count);
    }

    private long ItemBytes(ulong descriptor)
    {
        var size = context.Memory.I64(context.Memory.U64(descriptor + (ulong)_type) + (ulong)_basicSize);
        return Math.Max(0, size <= DescriptorSize_1 ? (int)context.Memory.U32(descriptor + ItemBytes_1) : context.Memory.I64(descriptor + ItemBytes_2));
    }
}

/// <summary>Elements that are Python objects: owned, and unknown to the collector.</summary>
internal sealed unsafe class NumpyItemsReader(WalkContext context) : ObjectReader
{
    private readonly NumpyArrays _arrays = new(context);

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        foreach (var item in _arrays.ObjectsOf(at))
            edges.Add(item, EdgeKind.Extra);
    }
}

/// <summary><c>ndarray.__sizeof__</c>: two words a dimension, and the elements where they are its own.</summary>
internal sealed unsafe class NumpyArraySize(WalkContext context) : SizeReader
{
    private readonly NumpyArrays _arrays = new(context);

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        type.BasicSize + (16 * _arrays.DimensionsOf(at)) + (_arrays.HasOwnData(at) ? _arrays.BytesOf(at) : 0);
}
