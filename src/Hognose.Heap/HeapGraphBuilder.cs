namespace Hognose.Heap;

/// <summary>Fills a <see cref="HeapGraph"/> node by node, in ascending order of addresses; for graphs drawn by hand and for files.</summary>
public sealed class HeapGraphBuilder
{
    private readonly List<HeapType> _types = [];
    private readonly List<(ulong Address, int Type, long Size, NodeFlags Flags)> _nodes = [];
    private readonly List<List<uint>> _edges = [];

    public TypeId AddType(string module, string name, SizeCertainty size = SizeCertainty.Exact, bool isVariableSize = false)
    {
        _types.Add(new HeapType(module, name, 0, size, -1) { IsVariableSize = isVariableSize });
        return new TypeId(_types.Count - 1);
    }

    /// <exception cref="ArgumentException">The address does not lie above the last one.</exception>
    public NodeId AddNode(ulong address, TypeId type, long size, NodeFlags flags = NodeFlags.None)
    {
        if (_nodes.Count > 0 && address <= _nodes[^1].Address)
            throw new ArgumentException($"node 0x{address:x} does not ascend", nameof(address));
        _nodes.Add((address, type.Value, size, flags));
        _edges.Add([]);
        return new NodeId(_nodes.Count - 1);
    }

    public void AddEdge(NodeId from, NodeId to, EdgeKind kind = EdgeKind.Ref) => _edges[from.Value].Add(HeapGraph.Pack(to.Value, kind));

    /// <exception cref="InvalidOperationException">An edge leads to a node that was never added.</exception>
    public HeapGraph Build()
    {
        var starts = new int[_nodes.Count + 1];
        for (var i = 0; i < _nodes.Count; i++)
            starts[i + 1] = starts[i] + _edges[i].Count;
        var edges = _edges.SelectMany(list => list).ToArray();
        if (edges.Any(edge => HeapGraph.TargetOf(edge).Value >= _nodes.Count))
            throw new InvalidOperationException("an edge leads to a node that does not exist");
        return new HeapGraph
        {
            Addresses = [.. _nodes.Select(node => node.Address)],
            TypeIds = [.. _nodes.Select(node => node.Type)],
            Sizes = [.. _nodes.Select(node => node.Size)],
            Flags = [.. _nodes.Select(node => node.Flags)],
            EdgeStarts = starts,
            Edges = edges,
            Types = new TypeTable(_types),
            Roots = [.. Enumerable.Range(0, _nodes.Count).Where(i => (_nodes[i].Flags & NodeFlags.Root) != 0)],
        };
    }
}
