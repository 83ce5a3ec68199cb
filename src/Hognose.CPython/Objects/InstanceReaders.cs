using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>The instance dict at a fixed place in the object, or counted from its end.</summary>
internal sealed unsafe class DictOffsetReader(WalkContext context, long dictOffset) : ObjectReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var offset = dictOffset;
        if (offset < 0)
        {
            var items = TargetWords.Magnitude(*(long*)(at + _sizeOffset));
            if (items > context.MaxItems)
                return;
            offset += (type.BasicSize + items * type.ItemSize + 7) & ~7L;
        }
        edges.Add(context.Memory.U64(address + (ulong)offset), EdgeKind.Ref);
    }
}

/// <summary>
/// 3.11: two words in front of the collector's header, one for a dict and one for values without a dict, whose names stand in the keys
/// that the class shares (Objects/dictobject.c, _PyObject_VisitInstanceAttributes).
/// </summary>
internal sealed unsafe class ManagedDictReader_3_11(WalkContext context, DictShape shape) : ObjectReader
{
    private const ulong DictWord = 24;
    private const ulong ValuesWord = 32;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var values = context.Memory.U64(address - ValuesWord);
        if (values != 0)
            InstanceValues.Read(context, shape, values, type.Address + (ulong)_cachedKeys, edges);
        edges.Add(context.Memory.U64(address - DictWord), EdgeKind.Ref);
    }
}

/// <summary>3.12: one word; its lowest bit says that it is values, kept one byte low.</summary>
internal sealed unsafe class ManagedDictReader_3_12(WalkContext context, DictShape shape) : ObjectReader
{
    private const ulong Word = 24;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var word = context.Memory.U64(address - Word);
        if ((word & 1) != 0)
            InstanceValues.Read(context, shape, word + 1, type.Address + (ulong)_cachedKeys, edges);
        else
            edges.Add(word, EdgeKind.Ref);
    }
}

/// <summary>
/// 3.13: values within the instance. A dict made from them shares them: until gh-130327 the instance reports the values and the dict
/// nothing, afterwards the instance reports the dict and the dict the values.
/// </summary>
internal sealed unsafe class ManagedDictReader_3_13(WalkContext context, DictShape shape, bool valuesAtBasicSize, bool dictReportsValues)
    : ObjectReader
{
    private const ulong DictWord = 24;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;
    private readonly int _valid = context.Layout.DictValues.valid;
    private readonly int _values = context.Layout.DictValues.values;
    private readonly int _objectSize = context.Layout.PyObject.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var dict = context.Memory.U64(address - DictWord);
        if (dictReportsValues && dict != 0)
        {
            edges.Add(dict, EdgeKind.Ref);
            return;
        }
        if ((type.Flags & TypeFlags.InlineValues) != 0)
        {
            var values = address + (ulong)(valuesAtBasicSize ? type.BasicSize : _objectSize);
            if (context.Memory.U8(values + (ulong)_valid) != 0)
            {
                InstanceValues.Read(context, shape, values + (ulong)_values, type.Address + (ulong)_cachedKeys, edges);
                edges.Add(dict, EdgeKind.Extra);
                return;
            }
        }
        edges.Add(dict, EdgeKind.Ref);
    }
}

/// <summary>The values of an instance without a dict of its own.</summary>
internal static unsafe class InstanceValues
{
    public static void Read(WalkContext context, DictShape shape, ulong values, ulong cachedKeys, EdgeBuffer edges)
    {
        if (!shape.TryKeys(context.Memory.U64(cachedKeys), out var keys))
            return;
        var items = context.Items(values, keys.Count, 8);
        if (items != null)
            edges.AddAll((ulong*)items, keys.Count, EdgeKind.Ref);
    }
}
