using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>set and frozenset. A deleted entry holds a dummy key and the hash -1, which no object has.</summary>
internal sealed unsafe class SetReader(WalkContext context) : ObjectReader
{
    private readonly int _table = context.Layout.PySetObject.table;
    private readonly int _mask = context.Layout.PySetObject.mask;
    private readonly int _entrySize = context.Layout.SetEntry.Size;
    private readonly int _key = context.Layout.SetEntry.key;
    private readonly int _hash = context.Layout.SetEntry.hash;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var count = *(long*)(at + _mask) + 1;
        var entry = context.Items(*(ulong*)(at + _table), count, _entrySize);
        if (entry == null)
            return;
        for (long i = 0; i < count; i++, entry += _entrySize)
            edges.Add(*(long*)(entry + _hash) == -1 ? 0 : *(ulong*)(entry + _key), EdgeKind.Ref);
    }
}
