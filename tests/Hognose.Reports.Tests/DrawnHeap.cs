using Hognose.Heap;
using Hognose.Heap.Matching;
using Hognose.Heap.Naming;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;
using Spectre.Console.Testing;

namespace Hognose.Reports.Tests;

/// <summary>A heap drawn node by node, with names for its references. Node i stands at address 16 i.</summary>
internal sealed class DrawnHeap : IReferenceNames
{
    public static readonly HeapFacts Facts = new(
        4711, "python3", "3.11.7", "3.11.7", 1, 3, TimeSpan.FromMilliseconds(42), 1, false, 1 << 20,
        new ProcessMemory(9 << 20, 10 << 20, 7 << 20, 2 << 20, 0, 0), TimeSpan.FromSeconds(1));

    private readonly HeapGraphBuilder _builder = new();
    private readonly Dictionary<string, TypeId> _types = [];
    private readonly Dictionary<(int, int), ReferenceName> _names = [];
    private readonly Dictionary<int, long> _lengths = [];
    private readonly Dictionary<int, int> _weak = [];
    private readonly Dictionary<int, string> _ownNames = [];
    private readonly List<Holder> _holders = [];
    private readonly List<int> _outside = [];
    private readonly List<(ulong Hash, long Unused, long Surplus)> _columns = [];

    /// <param name="type">Qualified; without a dot a builtin one.</param>
    /// <param name="length">-1: it has none.</param>
    public int Add(string type, long size, long length = -1, ulong hash = 0, long unused = 0, long surplus = 0, NodeFlags flags = NodeFlags.None, SizeCertainty certainty = SizeCertainty.Exact, bool isVariableSize = false)
    {
        if (!_types.TryGetValue(type, out var id))
            _types.Add(type, id = type.LastIndexOf('.') is var dot and > 0 ? _builder.AddType(type[..dot], type[(dot + 1)..], certainty, isVariableSize) : _builder.AddType("builtins", type));
        var node = _builder.AddNode((ulong)(_columns.Count + 1) * 16, id, size, flags).Value;
        _columns.Add((hash, unused, surplus));
        _lengths[node] = length;
        if (surplus > 0)
            _outside.Add(node);
        return node;
    }

    public DrawnHeap Edge(int from, int to, ReferenceKind kind = ReferenceKind.Unnamed, string text = "", long index = -1, EdgeKind edge = EdgeKind.Ref)
    {
        _builder.AddEdge(new NodeId(from), new NodeId(to), edge);
        _names[(from, to)] = new ReferenceName(kind, text, index);
        return this;
    }

    public DrawnHeap Weak(int from, int to)
    {
        _weak[from] = to;
        return this;
    }

    /// <summary>Of a function, a generator, a task.</summary>
    public DrawnHeap Named(int node, string name)
    {
        _ownNames[node] = name;
        return this;
    }

    /// <summary>A module's namespace.</summary>
    public DrawnHeap Module(int node, string name, int interpreter = 0)
    {
        _holders.Add(new Holder(node, HolderKind.Module, name) { Interpreter = interpreter });
        _outside.Add(node);
        return this;
    }

    /// <summary>A variable of a function under way.</summary>
    public DrawnHeap Local(int node, string function, string name, int thread = 1, string threadName = "", int line = 7)
    {
        _holders.Add(new Holder(node, HolderKind.Local, name, thread, function, "/srv/app.py") { Line = line, ThreadName = threadName });
        _outside.Add(node);
        return this;
    }

    public HeldHeap Build(params int[] heldByFrames)
    {
        var graph = _builder.Build();
        graph.EqualBefore = EqualNodes.Before([.. Enumerable.Range(0, graph.NodeCount)], [.. _columns.Select(each => each.Hash)], graph.TypeIds);
        graph.UnusedBytes = [.. _columns.Select(each => each.Unused)];
        graph.Surplus = [.. _columns.Select(each => each.Surplus)];
        graph.HeldByFrames = heldByFrames;
        return new HeldHeap(graph, this, _holders, [.. _outside], CancellationToken.None);
    }

    public ReferenceName Between(NodeId source, NodeId target) => _names.GetValueOrDefault((source.Value, target.Value));

    public long LengthOf(NodeId node) => _lengths[node.Value];

    public string FreeVariableOf(NodeId closure, long index) => "";

    public string OwnNameOf(NodeId node) => _ownNames.GetValueOrDefault(node.Value, "");

    public int WeakTargetOf(NodeId weakReference) => _weak.GetValueOrDefault(weakReference.Value, -1);

    /// <summary>On a terminal of 80 columns without Unicode.</summary>
    public static string Text(Action<IAnsiConsole> write)
    {
        using var console = new TestConsole();
        console.Profile.Width = 80;
        console.Profile.Capabilities.Unicode = false;
        write(console);
        Assert.All(console.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
        return console.Output;
    }
}
