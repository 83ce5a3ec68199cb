using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;
using Hognose.Heap.Matching;

namespace Hognose.CPython.Objects;

/// <summary>
/// Two columns of a graph that only the question of waste needs, read from the copy when it is asked: which strings and bytes are equal, and
/// unused storage of containers. The contents and their hashes stay here.
/// </summary>
public sealed unsafe class ContentColumns
{
    private readonly WalkContext _context;
    private readonly TypeCatalog _catalog;
    private readonly HeapGraph _graph;
    private readonly ReaderSet _readers;
    private readonly TextHash _text;
    private readonly UnusedStorage _storage;

    internal ContentColumns(WalkContext context, ReaderSet readers, TypeCatalog catalog, HeapGraph graph)
    {
        _context = context;
        _catalog = catalog;
        _graph = graph;
        _readers = readers;
        _text = new TextHash(context);
        _storage = new UnusedStorage(context, readers.Dicts);
    }

    private enum Kind : byte
    {
        Other,
        Text,
        Bytes,
        List,
        Dict,
        Set,
        ByteArray,
    }

    /// <summary>Fills <see cref="HeapGraph.EqualBefore"/> and <see cref="HeapGraph.UnusedBytes"/>.</summary>
    public void Fill(CancellationToken cancellation) => Prepare()(cancellation);

    /// <summary>Does at once what needs the table of types; what it returns fills the columns, and may run beside whatever else reads the graph.</summary>
    public Action<CancellationToken> Prepare()
    {
        // Asking for a base may bring a type into the catalog.
        PyType[] types = [.. _catalog.Types];
        var kinds = Array.ConvertAll(types, KindOf);
        return cancellation => Fill(types, kinds, cancellation);
    }

    private void Fill(PyType[] types, Kind[] kinds, CancellationToken cancellation)
    {
        var hashes = new ulong[_graph.NodeCount];
        var unused = new long[_graph.NodeCount];
        Parallel.For(0, Environment.ProcessorCount, part =>
        {
            var from = (int)((long)hashes.Length * part / Environment.ProcessorCount);
            var to = (int)((long)hashes.Length * (part + 1) / Environment.ProcessorCount);
            for (var node = from; node < to; node++)
            {
                if ((node & 0xffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                Read(node, types[_graph.TypeIds[node]].BasicSize, kinds[_graph.TypeIds[node]], hashes, unused);
            }
        });
        _graph.EqualBefore = EqualNodes.Before(hashes, _graph.TypeIds);
        _graph.UnusedBytes = unused;
    }

    private void Read(int node, long basicSize, Kind kind, ulong[] hashes, long[] unused)
    {
        if (kind == Kind.Other)
            return;
        var address = _graph.Addresses[node];
        var at = _context.Memory.Translate(address, (ulong)basicSize);
        if (at == null)
            return;
        if (kind == Kind.Text)
            hashes[node] = _text.OfText(at, address);
        else if (kind == Kind.Bytes)
            hashes[node] = _text.OfBytes(at, address);
        else
            unused[node] = Math.Clamp(UnusedOf(kind, at), 0, _graph.Sizes[node]);
    }

    private long UnusedOf(Kind kind, byte* at) => kind switch
    {
        Kind.List => _storage.OfList(at),
        Kind.Dict => _storage.OfDict(at),
        Kind.Set => _storage.OfSet(at),
        _ => _storage.OfByteArray(at),
    };

    private Kind KindOf(PyType type)
    {
        const int longestChain = 64;
        var at = type;
        for (var i = 0; i < longestChain; i++)
        {
            switch (_readers.Names.NativeName(at))
            {
                case "str": return Kind.Text;
                case "bytes": return Kind.Bytes;
                case "list": return Kind.List;
                case "dict": return Kind.Dict;
                case "set" or "frozenset": return Kind.Set;
                case "bytearray": return Kind.ByteArray;
            }
            if (_catalog.Find(at.Base) is not { } @base)
                break;
            at = @base;
        }
        return Kind.Other;
    }
}
