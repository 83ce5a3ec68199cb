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

/// <summary>Attributes of an instance that stand apart from any dict of its own, under names that its class keeps.</summary>
internal abstract unsafe class ManagedDictReader : ObjectReader
{
    /// <summary>The address of the array of values; zero where the instance has a dict, or the dict reports them.</summary>
    public abstract ulong ValuesOf(ulong address, PyType type);

    /// <summary>The instance's dict; zero where it has none.</summary>
    public abstract ulong DictOf(ulong address);
}

/// <summary>
/// 3.11: two words in front of the collector's header, one for a dict and one for values without a dict, whose names stand in the keys
/// that the class shares (Objects/dictobject.c, _PyObject_VisitInstanceAttributes).
/// </summary>
internal sealed unsafe class ManagedDictReader_3_11(WalkContext context, DictShape shape) : ManagedDictReader
{
    private const ulong DictWord = 24;
    private const ulong ValuesWord = 32;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var values = ValuesOf(address, type);
        if (values != 0)
            InstanceValues.Read(context, shape, values, type.Address + (ulong)_cachedKeys, edges);
        edges.Add(DictOf(address), EdgeKind.Ref);
    }

    public override ulong ValuesOf(ulong address, PyType type) => context.Memory.U64(address - ValuesWord);

    public override ulong DictOf(ulong address) => context.Memory.U64(address - DictWord);
}

/// <summary>3.12: one word; its lowest bit says that it is values, kept one byte low.</summary>
internal sealed unsafe class ManagedDictReader_3_12(WalkContext context, DictShape shape) : ManagedDictReader
{
    private const ulong Word = 24;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var values = ValuesOf(address, type);
        if (values != 0)
            InstanceValues.Read(context, shape, values, type.Address + (ulong)_cachedKeys, edges);
        else
            edges.Add(DictOf(address), EdgeKind.Ref);
    }

    public override ulong ValuesOf(ulong address, PyType type) =>
        context.Memory.U64(address - Word) is var word && (word & 1) != 0 ? word + 1 : 0;

    public override ulong DictOf(ulong address) => context.Memory.U64(address - Word) is var word && (word & 1) == 0 ? word : 0;
}

/// <summary>
/// 3.13: values within the instance. A dict made from them shares them: until gh-130327 the instance reports the values and the dict
/// nothing, afterwards the instance reports the dict and the dict the values.
/// </summary>
internal sealed unsafe class ManagedDictReader_3_13(WalkContext context, DictShape shape, bool valuesAtBasicSize, bool dictReportsValues)
    : ManagedDictReader
{
    private const ulong DictWord = 24;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;
    private readonly int _valid = context.Layout.DictValues.valid;
    private readonly int _values = context.Layout.DictValues.values;
    private readonly int _objectSize = context.Layout.PyObject.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var dict = DictOf(address);
        var values = ValuesOf(address, type);
        if (values != 0)
            InstanceValues.Read(context, shape, values, type.Address + (ulong)_cachedKeys, edges);
        edges.Add(dict, values != 0 ? EdgeKind.Extra : EdgeKind.Ref);
    }

    public override ulong ValuesOf(ulong address, PyType type)
    {
        if ((dictReportsValues && DictOf(address) != 0) || (type.Flags & TypeFlags.InlineValues) == 0)
            return 0;
        var values = address + (ulong)(valuesAtBasicSize ? type.BasicSize : _objectSize);
        return context.Memory.U8(values + (ulong)_valid) != 0 ? values + (ulong)_values : 0;
    }

    public override ulong DictOf(ulong address) => context.Memory.U64(address - DictWord);
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
