using Hognose.CPython.Objects;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Types;

/// <summary>
/// Struct sequences (<c>os.stat_result</c>) are tuples with items behind those that the length tells; how many, only the type's dict says
/// (Objects/structseq.c).
/// </summary>
internal sealed unsafe class StructSequences(WalkContext context, TypeNames names, StaticTypeStates statics)
{
    private const int MostFields = 1024;

    private readonly int _typeSize = context.Layout.PyTypeObject.Size;
    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _digit = context.Layout.PyLongObject.ob_digit;

    /// <summary>Items of an instance that its length does not count.</summary>
    public int HiddenItems(PyType type)
    {
        if ((type.Flags & TypeFlags.TupleSubclass) == 0)
            return 0;
        var at = context.Memory.Translate(type.Address, (ulong)_typeSize);
        var dict = type.IsHeap ? *(ulong*)(at + _dict) : statics.DictOf(at);
        var fields = names.Lookup(dict, "n_fields");
        var visible = names.Lookup(dict, "n_sequence_fields");
        if (fields == 0 || visible == 0)
            return 0;
        var hidden = context.Memory.U32(fields + (ulong)_digit) - (long)context.Memory.U32(visible + (ulong)_digit);
        return hidden is > 0 and <= MostFields ? (int)hidden : 0;
    }
}

/// <summary>The items behind the last one that counts.</summary>
internal sealed unsafe class HiddenItemsReader(WalkContext context, int hidden) : ObjectReader
{
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _items = context.Layout.PyTupleObject.ob_item;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var visible = *(long*)(at + _count);
        if (visible < 0 || visible > context.MaxItems)
            return;
        var items = context.Items(address + (ulong)(_items + visible * 8), hidden, 8);
        if (items != null)
            edges.AddAll((ulong*)items, hidden, Heap.EdgeKind.Ref);
    }
}
