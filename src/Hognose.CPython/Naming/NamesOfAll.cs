using System.Collections;
using Hognose.Columns;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>
/// Names every reference of a heap in one go over its objects. Lists, tuples, dicts, sets and instances of plain Python classes, which are nearly all
/// of a heap, are read by plans made once a type; what remains is asked one by one.
/// </summary>
internal sealed class NamesOfAll(WalkContext context, ReaderSet readers, HeapGraph graph, ReferenceNames one, int longestKey)
{
    private static readonly ReferenceName Item = new(ReferenceKind.Item);
    private readonly NameTable _table = new();
    private readonly Dictionary<(ulong Key, bool IsName), int> _keyNames = [];
    private readonly Dictionary<ulong, int> _found = [];
    private readonly Dictionary<int, string> _ownNames = [];
    private readonly Dictionary<int, IReadOnlyList<string>> _variables = [];
    private readonly Dictionary<int, string> _values = [];
    private readonly Dictionary<int, int> _weakTargets = [];
    private readonly Dictionary<int, Place> _suspended = [];
    private readonly int[] _names = new int[graph.Edges.Length];
    private readonly NumberColumn _lengths = new(graph.NodeCount);
    private readonly BitArray _isNamespace = new(graph.NodeCount);
    private readonly TypePlan?[] _plans = new TypePlan?[graph.Types.Count];

    public StoredNames Read(IEnumerable<int> namespaces, CancellationToken cancellation)
    {
        foreach (var node in namespaces)
            _isNamespace[node] = true;
        // What is an instance's or a class's dict is known only once those have been named.
        Pass(isDict: false, cancellation);
        Pass(isDict: true, cancellation);
        return new StoredNames(graph)
        {
            EdgeNames = _names,
            Names = _table.Names,
            Lengths = _lengths,
            OwnNames = _ownNames,
            FreeVariables = _variables,
            Values = _values,
            WeakTargets = _weakTargets,
            Suspended = _suspended,
        };
    }

    private void Pass(bool isDict, CancellationToken cancellation)
    {
        for (var node = 0; node < graph.NodeCount; node++)
        {
            if ((node & 0xffff) == 0)
                cancellation.ThrowIfCancellationRequested();
            var plan = _plans[graph.TypeIds[node]] ??= PlanOf(node);
            if (plan.Way == NamingWay.Dict == isDict)
                Name(node, plan);
        }
    }

    private void Name(int node, TypePlan plan)
    {
        var address = graph.Addresses[node];
        _lengths[node] = one.LengthOf(address, plan.Length);
        if (plan.HasOwnName)
            NameItself(node, address, plan);
        if (plan.HasValue && longestKey > 0)
            _values[node] = one.ValueOf(address, plan.Type, longestKey);
        if (plan.IsWeak && one.WeakTargetOf(new NodeId(node)) is var target and >= 0)
            _weakTargets[node] = target;
        var start = graph.EdgeStarts[node];
        var names = _names.AsSpan(start, graph.EdgeStarts[node + 1] - start);
        if (names.IsEmpty)
            return;
        var edges = graph.EdgesOf(new NodeId(node));
        switch (plan.Way)
        {
            case NamingWay.Items: names.Fill(_table.IdOf(ReferenceKind.Item)); break;
            case NamingWay.Members: names.Fill(_table.IdOf(ReferenceKind.Member)); break;
            case NamingWay.Dict: NameEntries(node, address, edges, names); break;
            case NamingWay.Instance: NameAttributes(address, plan, edges, names); break;
            default: NameGenerally(address, edges, names); break;
        }
    }

    private void NameItself(int node, ulong address, TypePlan plan)
    {
        if (one.OwnNameOf(new NodeId(node)) is { Length: > 0 } name)
            _ownNames[node] = name;
        if (one.SuspendedAt(new NodeId(node)) is { Line: > 0 } place)
            _suspended[node] = place;
        if (plan.IsFunction && one.FreeVariablesOf(address) is { Count: > 0 } variables)
            _variables[node] = variables;
    }

    /// <summary>Entries and references stand in the same order; a reference that leads to no known object was left out.</summary>
    private void NameEntries(int node, ulong dict, ReadOnlySpan<uint> edges, Span<int> names)
    {
        if (!readers.Dicts.TryKeys(context.Memory.U64(dict + (ulong)readers.Dicts.MaKeys), out var keys))
            return;
        var split = context.Memory.U64(dict + (ulong)readers.Dicts.MaValues);
        var values = split == 0 ? 0 : readers.Dicts.ValuesOf(split);
        var edge = 0;
        for (long i = 0; i < keys.Count && edge < edges.Length; i++)
        {
            var value = values != 0 ? context.Memory.U64(values + ((ulong)i * 8)) : keys.Value(i);
            if (value == 0)
                continue;
            if (LeadsTo(edges[edge], value))
                names[edge++] = EntryName(keys.Key(i), _isNamespace[node]);
            if (edge < edges.Length && values == 0 && LeadsTo(edges[edge], keys.Key(i)))
                names[edge++] = _table.IdOf(ReferenceKind.Key);
        }
    }

    /// <summary>The key of a namespace is a name; any other is a content.</summary>
    private int EntryName(ulong key, bool isNamespace)
    {
        if (!isNamespace && longestKey == 0)
            return _table.IdOf(ReferenceKind.Value);
        if (_keyNames.TryGetValue((key, isNamespace), out var known))
            return known;
        var text = one.KeyText(key);
        var kept = isNamespace ? text : Kept(text);
        return _keyNames[(key, isNamespace)] = _table.IdOf(new ReferenceName(ReferenceKind.Value, kept));
    }

    private void NameAttributes(ulong address, TypePlan plan, ReadOnlySpan<uint> edges, Span<int> names)
    {
        var dict = 0ul;
        var values = 0ul;
        if ((plan.Type.Flags & TypeFlags.ManagedDict) != 0 && readers.ManagedDict is { } managed)
        {
            dict = managed.DictOf(address);
            values = managed.ValuesOf(address, plan.Type);
        }
        else if (plan.Type.DictOffset > 0)
        {
            dict = context.Memory.U64(address + (ulong)plan.Type.DictOffset);
        }
        for (var i = 0; i < edges.Length; i++)
        {
            var to = graph.Addresses[HeapGraph.TargetOf(edges[i]).Value];
            names[i] = to == dict ? NamespaceOf(edges[i]) : AttributeName(address, plan, values, to);
        }
    }

    private int AttributeName(ulong address, TypePlan plan, ulong values, ulong to)
    {
        foreach (var (offset, name) in plan.Slots)
            if (context.Memory.U64(address + (ulong)offset) == to)
                return name;
        if (values == 0)
            return 0;
        for (var i = 0; i < plan.ValueNames.Length; i++)
            if (context.Memory.U64(values + ((ulong)i * 8)) == to)
                return plan.ValueNames[i];
        return 0;
    }

    private void NameGenerally(ulong address, ReadOnlySpan<uint> edges, Span<int> names)
    {
        _found.Clear();
        foreach (var (value, name) in one.All(address))
            if (value != 0)
                _found.TryAdd(value, _table.IdOf(Kept(name)));
        for (var i = 0; i < edges.Length; i++)
        {
            names[i] = _found.GetValueOrDefault(graph.Addresses[HeapGraph.TargetOf(edges[i]).Value]);
            if (_table.Names[names[i]].Kind == ReferenceKind.Namespace)
                NamespaceOf(edges[i]);
        }
    }

    /// <summary>Of an item the place follows from its place among the references; the text of a key is a content.</summary>
    private ReferenceName Kept(ReferenceName name) => name.Kind switch
    {
        ReferenceKind.Item => Item,
        ReferenceKind.Value => name with { Text = Kept(name.Text) },
        _ => name,
    };

    /// <summary>What was cut says so.</summary>
    private string Kept(string key) => longestKey == 0 ? "" : key.Length <= longestKey ? key : key[..longestKey] + "…";

    private int NamespaceOf(uint edge)
    {
        _isNamespace[HeapGraph.TargetOf(edge).Value] = true;
        return _table.IdOf(ReferenceKind.Namespace);
    }

    private bool LeadsTo(uint edge, ulong address) => graph.Addresses[HeapGraph.TargetOf(edge).Value] == address;

    private TypePlan PlanOf(int node)
    {
        var type = one.TypeOf(graph.Addresses[node]);
        var native = readers.Names.NativeName(type);
        var way = type.IsHeap ? WayOfClass(type) : native switch
        {
            "list" or "tuple" => NamingWay.Items,
            "dict" => NamingWay.Dict,
            "set" or "frozenset" => NamingWay.Members,
            _ => NamingWay.General,
        };
        var names = native is "module" or "function" or "code" or "generator" or "coroutine" or "async_generator" or ReferenceNames.TaskType;
        return new TypePlan(
            type, way, one.LengthWayOf(type), names || TypeCatalog.IsMetatype(type), native == "function", one.IsWeak(type), one.HasValue(type),
            way == NamingWay.Instance ? [.. one.SlotsOf(type).Select(slot => (slot.Offset, Attribute(slot.Name)))] : [],
            way == NamingWay.Instance && (type.Flags & TypeFlags.ManagedDict) != 0 ? [.. one.ValueNamesOf(type).Select(Attribute)] : []);

        int Attribute(string name) => _table.IdOf(new ReferenceName(ReferenceKind.Attribute, name));
    }

    /// <summary>A class whose bases are all Python's, but for "object". Only a type written in C has its module in <c>tp_name</c>.</summary>
    private NamingWay WayOfClass(PyType type) =>
        type.DictOffset >= 0 && one.Bases(type).All(each =>
            readers.Names.NativeName(each) is var name && (each.IsHeap ? !name.Contains('.', StringComparison.Ordinal) : name == "object"))
            ? NamingWay.Instance
            : NamingWay.General;
}
