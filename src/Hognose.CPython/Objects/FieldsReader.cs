using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>Pointers at fixed offsets: what most of CPython's types have.</summary>
internal sealed unsafe class FieldsReader(int[] offsets, EdgeKind kind) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        foreach (var offset in offsets)
            edges.Add(*(ulong*)(at + offset), kind);
    }
}

/// <summary>The reference that an instance of a heap type holds to its type.</summary>
internal sealed unsafe class TypeReferenceReader(EdgeKind kind) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges) => edges.Add(type.Address, kind);
}

/// <summary>Words of a part of an instance of which nothing is known but where it lies; the walk keeps those that hit an object.</summary>
internal sealed unsafe class WordsReader(WalkContext context, int from, int to, int skip) : ObjectReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        for (var offset = from; offset + 8 <= to; offset += 8)
            if (offset != skip)
                edges.Add(*(ulong*)(at + offset), EdgeKind.Cons);
        if (type.ItemSize >= 8 && (type.ItemSize & 7) == 0)
            ReadItems(at, address, type, edges);
    }

    private void ReadItems(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var count = TargetWords.Magnitude(*(long*)(at + _sizeOffset));
        if (count > context.MaxItems)
            return;
        var words = count * (type.ItemSize / 8);
        var items = context.Items(address + (ulong)type.BasicSize, words, 8);
        if (items != null)
            edges.AddAll((ulong*)items, words, EdgeKind.Cons);
    }
}

/// <summary>An array of pointers elsewhere, with its length in the object.</summary>
internal sealed unsafe class ArrayReader(WalkContext context, int pointer, int length, EdgeKind kind) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var count = *(long*)(at + length);
        var items = context.Items(*(ulong*)(at + pointer), count, 8);
        if (items != null)
            edges.AddAll((ulong*)items, count, kind);
    }
}

/// <summary>Items that follow the fixed part, as many as <c>ob_size</c> says and a fixed number more.</summary>
internal sealed unsafe class InlineItemsReader(WalkContext context, int itemsOffset, int hidden, EdgeKind kind) : ObjectReader
{
    private readonly int _sizeOffset = context.Layout.PyVarObject.ob_size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var visible = *(long*)(at + _sizeOffset);
        Add(address, 0, visible, kind, edges);
        Add(address, visible, hidden, EdgeKind.Extra, edges);
    }

    private void Add(ulong address, long from, long count, EdgeKind edge, EdgeBuffer edges)
    {
        if (from < 0 || from > context.MaxItems)
            return;
        var items = context.Items(address + (ulong)(itemsOffset + from * 8), count, 8);
        if (items != null)
            edges.AddAll((ulong*)items, count, edge);
    }
}
