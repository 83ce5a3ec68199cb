using Hognose.Columns;
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
        int[] texts = [.. TextsAmong(kinds)];
        var hashes = new ulong[texts.Length];
        var unused = new NumberColumn(_graph.NodeCount);
        InParts(texts.Length, at => hashes[at] = HashOf(texts[at], types, kinds), cancellation);
        InParts(_graph.NodeCount, node => unused[node] = UnusedOf(node, types, kinds), cancellation);
        _graph.EqualBefore = EqualNodes.Before(texts, hashes, _graph.TypeIds);
        _graph.UnusedBytes = unused;
    }

    private IEnumerable<int> TextsAmong(Kind[] kinds)
    {
        for (var node = 0; node < _graph.NodeCount; node++)
            if (kinds[_graph.TypeIds[node]] is Kind.Text or Kind.Bytes)
                yield return node;
    }

    private static void InParts(int count, Action<int> work, CancellationToken cancellation) =>
        Parallel.For(0, Environment.ProcessorCount, part =>
        {
            var end = (int)((long)count * (part + 1) / Environment.ProcessorCount);
            for (var at = (int)((long)count * part / Environment.ProcessorCount); at < end; at++)
            {
                if ((at & 0xffff) == 0)
                    cancellation.ThrowIfCancellationRequested();
                work(at);
            }
        });

    private ulong HashOf(int node, PyType[] types, Kind[] kinds)
    {
        var (address, type) = (_graph.Addresses[node], _graph.TypeIds[node]);
        var at = _context.Memory.Translate(address, (ulong)types[type].BasicSize);
        return at == null ? 0 : kinds[type] == Kind.Text ? _text.OfText(at, address) : _text.OfBytes(at, address);
    }

    private long UnusedOf(int node, PyType[] types, Kind[] kinds)
    {
        var type = _graph.TypeIds[node];
        if (kinds[type] is Kind.Other or Kind.Text or Kind.Bytes)
            return 0;
        var at = _context.Memory.Translate(_graph.Addresses[node], (ulong)types[type].BasicSize);
        return at == null ? 0 : Math.Clamp(UnusedOf(kinds[type], at), 0, _graph.Sizes[node]);
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
