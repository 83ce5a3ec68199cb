using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>
/// A dict. Keys of a table that holds only strings are owned but never visited (Objects/dictobject.c, dict_traverse); keys of a split
/// table belong to the class that shares them and are read there.
/// </summary>
internal sealed unsafe class DictReader(WalkContext context, DictShape shape, bool embeddedValuesAreVisited) : ObjectReader
{
    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        if (!shape.TryKeys(*(ulong*)(at + shape.MaKeys), out var keys))
            return;
        var values = *(ulong*)(at + shape.MaValues);
        if (values != 0)
            ReadSplit(values, keys, edges);
        else if (keys.IsGeneral)
            ReadGeneral(keys, edges);
        else
            ReadUnicode(keys, edges);
    }

    private void ReadSplit(ulong values, in DictKeys keys, EdgeBuffer edges)
    {
        // Embedded values are owned by the instance, which reports them where the dict does not.
        if (shape.AreEmbedded(values) && !embeddedValuesAreVisited)
            return;
        var items = context.Items(shape.ValuesOf(values), keys.Count, 8);
        if (items != null)
            edges.AddAll((ulong*)items, keys.Count, EdgeKind.Ref);
    }

    private static void ReadGeneral(in DictKeys keys, EdgeBuffer edges)
    {
        for (long i = 0; i < keys.Count; i++)
        {
            var value = keys.Value(i);
            edges.Add(value, EdgeKind.Ref);
            if (value != 0)
                edges.Add(keys.Key(i), EdgeKind.Ref);
        }
    }

    private static void ReadUnicode(in DictKeys keys, EdgeBuffer edges)
    {
        for (long i = 0; i < keys.Count; i++)
        {
            var value = keys.Value(i);
            edges.Add(value, EdgeKind.Ref);
            if (value != 0)
                edges.Add(keys.Key(i), EdgeKind.Extra);
        }
    }
}

/// <summary><c>dict.__sizeof__</c>: the table counts for the dict that does not share it.</summary>
internal sealed unsafe class DictSize(DictShape shape) : SizeReader
{
    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        long size = type.BasicSize;
        if (!shape.TryKeys(*(ulong*)(at + shape.MaKeys), out var keys))
            return size;
        if (*(ulong*)(at + shape.MaValues) != 0)
            size += shape.ValuesSize(keys);
        return keys.ReferenceCount == 1 ? size + keys.Bytes : size;
    }
}

/// <summary>A linked list of keys beside the dict (Objects/odictobject.c).</summary>
internal sealed unsafe class OrderedDictReader(WalkContext context) : ObjectReader
{
    private readonly int _first = context.Layout.PyODictObject.od_first;
    private readonly int _instanceDict = context.Layout.PyODictObject.od_inst_dict;
    private readonly int _key = context.Layout.PyODictNode.key;
    private readonly int _next = context.Layout.PyODictNode.next;
    private readonly int _nodeSize = context.Layout.PyODictNode.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(at + _instanceDict), EdgeKind.Ref);
        var node = *(ulong*)(at + _first);
        for (long i = 0; node != 0 && i < context.MaxItems; i++)
        {
            var item = context.Memory.Translate(node, (ulong)_nodeSize);
            if (item == null)
                return;
            edges.Add(*(ulong*)(item + _key), EdgeKind.Ref);
            node = *(ulong*)(item + _next);
        }
    }
}

/// <summary>The dict, the table of nodes, the nodes.</summary>
internal sealed unsafe class OrderedDictSize(WalkContext context, DictShape shape) : SizeReader
{
    private readonly DictSize _dict = new(shape);
    private readonly int _fastNodes = context.Layout.PyODictObject.od_fast_nodes_size;
    private readonly int _node = context.Layout.PyODictNode.Size;

    public override long SizeOf(byte* at, ulong address, PyType type) =>
        _dict.SizeOf(at, address, type) + *(long*)(at + _fastNodes) * 8 + *(long*)(at + shape.MaUsed) * _node;
}
