using System.Globalization;
using Hognose.CPython.Objects;
using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;
using Hognose.Heap.Naming;

namespace Hognose.CPython.Naming;

/// <summary>
/// Reads an object once more when somebody asks what a reference of it is called: only the few that a report shows need a name. The copy of the target
/// must still be there.
/// </summary>
internal sealed unsafe class ReferenceNames(WalkContext context, ReaderSet readers, TypeCatalog catalog, HeapGraph graph) : ICompleteNames
{
    public const string TaskType = "_asyncio.Task";

    private const int LongestChain = 256;
    private const int LongestValue = 40;

    private readonly UnicodeText _text = new(context);
    private readonly FieldNames _fields = new(context.Layout);
    private readonly FrameSlots _frames = new(context, readers.Frames);
    private readonly SlotMembers _slots = new(context);
    private readonly CodeLines _lines = new(context, readers.Frames is not null);
    private readonly NumpyArrays _arrays = new(context);
    private readonly ValueTexts _values = new(context, readers, new UnicodeText(context));
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public ReferenceName Between(NodeId source, NodeId target)
    {
        var to = graph.Addresses[target.Value];
        foreach (var (value, name) in All(graph.Addresses[source.Value], to))
            if (value == to)
                return name;
        return default;
    }

    public long LengthOf(NodeId node)
    {
        var address = graph.Addresses[node.Value];
        return LengthOf(address, LengthWayOf(TypeOf(address)));
    }

    public StoredNames ReadAll(IEnumerable<int> namespaces, int longestKey, CancellationToken cancellation) =>
        new NamesOfAll(context, readers, graph, this, longestKey).Read(namespaces, cancellation);

    public string OwnNameOf(NodeId node)
    {
        var address = graph.Addresses[node.Value];
        var type = TypeOf(address);
        if (TypeCatalog.IsMetatype(type) && catalog.Find(address) is { } self)
            return readers.Names.Of(self) is var (module, name) && module is not ("" or "builtins") ? $"{module}.{name}" : readers.Names.Of(self).Name;
        return readers.Names.NativeName(type) switch
        {
            "module" => _text.Read(context.Memory.U64(address + (ulong)context.Layout.PyModuleObject.md_name)) ?? "",
            "function" => _text.Read(context.Memory.U64(address + (ulong)context.Layout.PyFunctionObject.func_qualname)) ?? "",
            "code" => _frames.Names.FunctionOf(address),
            "generator" or "coroutine" or "async_generator" => _text.Read(context.Memory.U64(address + (ulong)context.Layout.PyGenObject.gi_qualname)) ?? "",
            TaskType => TaskName(context.Memory.U64(address + (ulong)context.Layout.TaskObject.task_name)),
            _ => "",
        };
    }

    public string FreeVariableOf(NodeId closure, long index)
    {
        var address = graph.Addresses[closure.Value];
        if (readers.Names.NativeName(TypeOf(address)) != "function")
            return "";
        var names = FreeVariablesOf(address);
        return index >= 0 && index < names.Count ? names[(int)index] : "";
    }

    public int WeakTargetOf(NodeId weakReference)
    {
        var address = context.Memory.U64(graph.Addresses[weakReference.Value] + (ulong)context.Layout.PyWeakReference.wr_object);
        return graph.TryFind(address, out var node) ? node.Value : -1;
    }

    public string ValueOf(NodeId node)
    {
        var address = graph.Addresses[node.Value];
        return _values.Of(address, TypeOf(address), LongestValue);
    }

    public string ValueOf(ulong address, PyType type, int longest) => _values.Of(address, type, longest);

    public bool HasValue(PyType type) => _values.Has(type);

    public Place SuspendedAt(NodeId node)
    {
        var address = graph.Addresses[node.Value];
        var layout = context.Layout.PyGenObject;
        if (readers.Names.NativeName(TypeOf(address)) is not ("generator" or "coroutine" or "async_generator"))
            return default;
        var isStruct = layout.gi_iframe >= 0;
        if (isStruct && (sbyte)context.Memory.U8(address + (ulong)layout.gi_frame_state) >= readers.ClearedGenerator)
            return default;
        var frame = isStruct ? address + (ulong)layout.gi_iframe : context.Memory.U64(address + (ulong)layout.gi_frame);
        if (frame == 0)
            return default;
        var code = isStruct ? readers.Frames!.CodeOf(frame) : context.Memory.U64(frame + (ulong)context.Layout.PyFrameObject.f_code);
        return new Place(_frames.Names.FileOf(code), _lines.LineOf(frame, code));
    }

    /// <summary>Whether it is, or derives from, one of Python's weak references: <see cref="WeakTargetOf"/> makes sense.</summary>
    public bool IsWeak(PyType type) =>
        Bases(type).Any(each => readers.Names.NativeName(each) is "weakref" or "weakproxy" or "weakcallableproxy"
            or "weakref.ReferenceType" or "weakref.ProxyType" or "weakref.CallableProxyType");

    /// <summary>From 3.12 on a name that nobody gave is a number until it is asked for.</summary>
    private string TaskName(ulong name)
    {
        if (name == 0 || catalog.Find(context.Memory.U64(name + (ulong)_type)) is not { } type)
            return "";
        return (type.Flags & TypeFlags.UnicodeSubclass) != 0
            ? _text.Read(name) ?? ""
            : string.Create(CultureInfo.InvariantCulture, $"Task-{context.Memory.U32(name + (ulong)context.Layout.PyLongObject.ob_digit)}");
    }

    public bool IsObject(ulong address) => graph.TryFind(address, out _);

    public PyType TypeOf(ulong address) => catalog.Known(context.Memory.U64(address + (ulong)_type));

    /// <summary>What an object refers to, under every name it has, the names that a Python developer writes first.</summary>
    /// <param name="from">The object.</param>
    /// <param name="only">When not 0, entries of dicts that lead elsewhere may be left out: reading a million keys for one name takes its time.</param>
    public IEnumerable<(ulong Value, ReferenceName Name)> All(ulong from, ulong only = 0)
    {
        var type = TypeOf(from);
        return Attributes(from, type).Concat(Native(from, type, only));
    }

    /// <summary>The type and its bases, nearest first.</summary>
    public IEnumerable<PyType> Bases(PyType type)
    {
        PyType? at = type;
        for (var i = 0; at is not null && i < LongestChain; i++, at = catalog.Find(at.Base))
            yield return at;
    }

    public IEnumerable<(int Offset, string Name)> SlotsOf(PyType type) =>
        from @class in Bases(type)
        where @class.IsHeap
        from slot in _slots.Named(@class)
        select (slot.Offset, context.Memory.CString(slot.Name, context.Limits.NameBytes) ?? "");

    /// <summary>Names of the values that instances keep beside a dict, in their order; empty for other types.</summary>
    public IReadOnlyList<string> ValueNamesOf(PyType type)
    {
        if (!readers.Dicts.TryKeys(context.Memory.U64(type.Address + (ulong)_cachedKeys), out var keys))
            return [];
        var names = new List<string>();
        for (long i = 0; i < keys.Count; i++)
            names.Add(_text.Read(keys.Key(i)) ?? "");
        return names;
    }

    public LengthWay LengthWayOf(PyType type)
    {
        if ((type.Flags & TypeFlags.DictSubclass) != 0)
            return LengthWay.Dict;
        if ((type.Flags & TypeFlags.UnicodeSubclass) != 0)
            return LengthWay.Text;
        if ((type.Flags & (TypeFlags.ListSubclass | TypeFlags.TupleSubclass)) != 0)
            return LengthWay.Count;
        return Bases(type).Select(readers.Names.NativeName).FirstOrDefault(name => name is "set" or "frozenset" or "collections.deque" or "bytes" or "bytearray" or "memoryview" or NumpyArrays.TypeName) switch
        {
            null => LengthWay.None,
            "memoryview" => LengthWay.View,
            NumpyArrays.TypeName => LengthWay.NumpyArray,
            "set" or "frozenset" => LengthWay.Set,
            _ => LengthWay.Count,
        };
    }

    public long LengthOf(ulong address, LengthWay way) => way switch
    {
        LengthWay.Dict => context.Memory.I64(address + (ulong)readers.Dicts.MaUsed),
        LengthWay.Text => context.Memory.I64(address + (ulong)context.Layout.PyASCIIObject.length),
        LengthWay.Count => context.Memory.I64(address + (ulong)_count),
        LengthWay.View => context.Memory.I64(address + (ulong)(context.Layout.PyMemoryViewObject.view + context.Layout.PyBuffer.len)),
        LengthWay.NumpyArray => context.Memory.Translate(address, NumpyArrays.End) is var at && at != null ? _arrays.BytesOf(at) : -1,
        LengthWay.Set => context.Memory.I64(address + (ulong)context.Layout.PySetObject.used),
        _ => -1,
    };

    public List<string> FreeVariablesOf(ulong function) =>
        _frames.Names.FreeOf(context.Memory.U64(function + (ulong)context.Layout.PyFunctionObject.func_code));

    public string TextOf(ulong text) => _text.Read(text) ?? "";

    /// <summary>Of an instance of a Python class: slots, values beside the dict, the dict.</summary>
    private IEnumerable<(ulong Value, ReferenceName Name)> Attributes(ulong from, PyType type)
    {
        foreach (var (offset, name) in SlotsOf(type))
            yield return (context.Memory.U64(from + (ulong)offset), new ReferenceName(ReferenceKind.Attribute, name));
        if ((type.Flags & TypeFlags.ManagedDict) != 0 && readers.ManagedDict is { } managed)
        {
            yield return (managed.DictOf(from), new ReferenceName(ReferenceKind.Namespace));
            if (managed.ValuesOf(from, type) is var values and not 0)
                foreach (var (i, name) in ValueNamesOf(type).Index())
                    yield return (context.Memory.U64(values + ((ulong)i * 8)), new ReferenceName(ReferenceKind.Attribute, name));
        }
        if (type.DictOffset > 0)
            yield return (context.Memory.U64(from + (ulong)type.DictOffset), new ReferenceName(ReferenceKind.Namespace));
    }

    /// <summary>What the nearest base written in C calls it.</summary>
    private IEnumerable<(ulong Value, ReferenceName Name)> Native(ulong from, PyType type, ulong only)
    {
        foreach (var @base in Bases(type))
        {
            var name = readers.Names.NativeName(@base);
            foreach (var (offset, field) in _fields.Of(name).ToArray())
                if (offset + 8 <= Math.Max(@base.BasicSize, context.Layout.PyHeapTypeObject.Size))
                    yield return (context.Memory.U64(from + (ulong)offset), field);
            foreach (var inner in OfKind(name, from, @base, only))
                yield return inner;
        }
    }

    private IEnumerable<(ulong Value, ReferenceName Name)> OfKind(string kind, ulong from, PyType type, ulong only) => kind switch
    {
        "dict" => Entries(from, only),
        "list" => Items(context.Memory.U64(from + (ulong)context.Layout.PyListObject.ob_item), context.Memory.I64(from + (ulong)_count)),
        "tuple" => Items(from + (ulong)context.Layout.PyTupleObject.ob_item, context.Memory.I64(from + (ulong)_count)),
        NumpyArrays.TypeName => Objects(from),
        "collections.deque" => Read(new DequeReader(context), from, type).Select((value, i) => (value, new ReferenceName(ReferenceKind.Item, Index: i))),
        "set" or "frozenset" => Read(new SetReader(context), from, type).Select(value => (value, new ReferenceName(ReferenceKind.Member))),
        "generator" or "coroutine" or "async_generator" => Variables(_frames.OfGenerator(from)),
        "frame" => Variables(_frames.OfFrameObject(from)),
        _ => [],
    };

    private static IEnumerable<(ulong Value, ReferenceName Name)> Variables(IEnumerable<(string Name, ulong Value)> variables) =>
        variables.Select(variable => (variable.Value, new ReferenceName(ReferenceKind.Local, variable.Name)));

    private List<(ulong Value, ReferenceName Name)> Entries(ulong dict, ulong only)
    {
        var entries = new List<(ulong, ReferenceName)>();
        if (!readers.Dicts.TryKeys(context.Memory.U64(dict + (ulong)readers.Dicts.MaKeys), out var keys))
            return entries;
        var split = context.Memory.U64(dict + (ulong)readers.Dicts.MaValues);
        var values = split == 0 ? 0 : readers.Dicts.ValuesOf(split);
        for (long i = 0; i < keys.Count; i++)
            if ((values != 0 ? context.Memory.U64(values + ((ulong)i * 8)) : keys.Value(i)) is var value and not 0
                && (only == 0 || value == only))
                entries.Add((value, new ReferenceName(ReferenceKind.Value, KeyText(keys.Key(i)))));
        for (long i = 0; i < keys.Count; i++)
            if (keys.Key(i) is var key and not 0 && (only == 0 || key == only))
                entries.Add((key, new ReferenceName(ReferenceKind.Key)));
        return entries;
    }

    /// <summary>Of a str the text, of another key its type: "(int)".</summary>
    public string KeyText(ulong key)
    {
        if (key == 0 || catalog.Find(context.Memory.U64(key + (ulong)_type)) is not { } type)
            return "";
        return (type.Flags & TypeFlags.UnicodeSubclass) != 0
            ? _text.Read(key) ?? ""
            : string.Create(CultureInfo.InvariantCulture, $"({readers.Names.Of(type).Name})");
    }

    private IEnumerable<(ulong Value, ReferenceName Name)> Items(ulong items, long count)
    {
        if (!AreThere(items, count))
            yield break;
        for (long i = 0; i < count; i++)
            yield return (context.Memory.U64(items + ((ulong)i * 8)), new ReferenceName(ReferenceKind.Item, Index: i));
    }

    private List<(ulong Value, ReferenceName Name)> Objects(ulong array)
    {
        var at = context.Memory.Translate(array, NumpyArrays.End);
        var named = new List<(ulong, ReferenceName)>();
        if (at == null)
            return named;
        foreach (var item in _arrays.ObjectsOf(at))
            named.Add((item, new ReferenceName(ReferenceKind.Item, Index: named.Count)));
        return named;
    }

    private bool AreThere(ulong items, long count) => context.Items(items, count, 8) != null;

    /// <summary>In the order in which the type's reader reports them.</summary>
    private List<ulong> Read(ObjectReader reader, ulong from, PyType type)
    {
        using var edges = new EdgeBuffer();
        var at = context.Memory.Translate(from, (ulong)type.BasicSize);
        reader.Read(at, from, type, edges);
        var values = new List<ulong>();
        foreach (var item in edges.Items)
            values.Add(EdgeBuffer.AddressOf(item));
        return values;
    }
}
