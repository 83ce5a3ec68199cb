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
internal sealed unsafe class ReferenceNames(WalkContext context, ReaderSet readers, TypeCatalog catalog, HeapGraph graph) : IReferenceNames
{
    private const int LongestChain = 256;

    private readonly UnicodeText _text = new(context);
    private readonly FieldNames _fields = new(context.Layout);
    private readonly FrameSlots _frames = new(context, readers.Frames);
    private readonly SlotMembers _slots = new(context);
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;

    public ReferenceName Between(NodeId source, NodeId target)
    {
        var from = graph.Addresses[source.Value];
        var to = graph.Addresses[target.Value];
        var type = TypeOf(from);
        return Attribute(from, type, to) ?? Native(from, type, to) ?? default;
    }

    public long LengthOf(NodeId node)
    {
        var address = graph.Addresses[node.Value];
        var type = TypeOf(address);
        if ((type.Flags & TypeFlags.DictSubclass) != 0)
            return context.Memory.I64(address + (ulong)readers.Dicts.MaUsed);
        if ((type.Flags & TypeFlags.UnicodeSubclass) != 0)
            return context.Memory.I64(address + (ulong)context.Layout.PyASCIIObject.length);
        if ((type.Flags & (TypeFlags.ListSubclass | TypeFlags.TupleSubclass)) != 0)
            return context.Memory.I64(address + (ulong)_count);
        return Bases(type).Select(readers.Names.NativeName).FirstOrDefault(name => name is "set" or "frozenset" or "collections.deque" or "bytes" or "bytearray") switch
        {
            null => -1,
            "set" or "frozenset" => context.Memory.I64(address + (ulong)context.Layout.PySetObject.used),
            _ => context.Memory.I64(address + (ulong)_count),
        };
    }

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
            _ => "",
        };
    }

    public string FreeVariableOf(NodeId closure, long index)
    {
        var address = graph.Addresses[closure.Value];
        if (readers.Names.NativeName(TypeOf(address)) != "function")
            return "";
        var names = _frames.Names.FreeOf(context.Memory.U64(address + (ulong)context.Layout.PyFunctionObject.func_code));
        return index >= 0 && index < names.Count ? names[(int)index] : "";
    }

    public int WeakTargetOf(NodeId weakReference)
    {
        var address = context.Memory.U64(graph.Addresses[weakReference.Value] + (ulong)context.Layout.PyWeakReference.wr_object);
        return graph.TryFind(address, out var node) ? node.Value : -1;
    }

    private PyType TypeOf(ulong address) => catalog.Known(context.Memory.U64(address + (ulong)_type));

    /// <summary>The type and its bases, nearest first.</summary>
    private IEnumerable<PyType> Bases(PyType type)
    {
        PyType? at = type;
        for (var i = 0; at is not null && i < LongestChain; i++, at = catalog.Find(at.Base))
            yield return at;
    }

    /// <summary>An attribute of an instance of a Python class: a slot, a value beside the dict, or the dict.</summary>
    private ReferenceName? Attribute(ulong from, PyType type, ulong to)
    {
        foreach (var @class in Bases(type).Where(each => each.IsHeap))
            foreach (var (offset, name) in _slots.Named(@class))
                if (context.Memory.U64(from + (ulong)offset) == to)
                    return new ReferenceName(ReferenceKind.Attribute, context.Memory.CString(name, context.Limits.NameBytes) ?? "");
        if ((type.Flags & TypeFlags.ManagedDict) != 0 && readers.ManagedDict is { } managed)
            return managed.DictOf(from) == to ? new ReferenceName(ReferenceKind.Namespace) : ValueName(managed.ValuesOf(from, type), type, to);
        if (type.DictOffset > 0 && context.Memory.U64(from + (ulong)type.DictOffset) == to)
            return new ReferenceName(ReferenceKind.Namespace);
        return null;
    }

    private ReferenceName? ValueName(ulong values, PyType type, ulong to)
    {
        if (values == 0 || !readers.Dicts.TryKeys(context.Memory.U64(type.Address + (ulong)_cachedKeys), out var keys))
            return null;
        for (long i = 0; i < keys.Count; i++)
            if (context.Memory.U64(values + ((ulong)i * 8)) == to)
                return new ReferenceName(ReferenceKind.Attribute, _text.Read(keys.Key(i)) ?? "");
        return null;
    }

    /// <summary>What the nearest base written in C calls it.</summary>
    private ReferenceName? Native(ulong from, PyType type, ulong to)
    {
        foreach (var @base in Bases(type))
        {
            var name = readers.Names.NativeName(@base);
            foreach (var (offset, field) in _fields.Of(name))
                if (offset + 8 <= Math.Max(@base.BasicSize, context.Layout.PyHeapTypeObject.Size) && context.Memory.U64(from + (ulong)offset) == to)
                    return field;
            if (OfKind(name, from, @base, to) is { } found)
                return found;
        }
        return null;
    }

    private ReferenceName? OfKind(string kind, ulong from, PyType type, ulong to) => kind switch
    {
        "dict" => Entry(from, to),
        "list" => Item(context.Memory.U64(from + (ulong)context.Layout.PyListObject.ob_item), context.Memory.I64(from + (ulong)_count), to),
        "tuple" => Item(from + (ulong)context.Layout.PyTupleObject.ob_item, context.Memory.I64(from + (ulong)_count), to),
        "collections.deque" => Ordinal(from, type, to),
        "set" or "frozenset" => new ReferenceName(ReferenceKind.Member),
        "generator" or "coroutine" or "async_generator" => Variable(_frames.OfGenerator(from), to),
        "frame" => Variable(_frames.OfFrameObject(from), to),
        _ => null,
    };

    private static ReferenceName? Variable(IEnumerable<(string Name, ulong Value)> variables, ulong to) =>
        variables.FirstOrDefault(variable => variable.Value == to) is { Name: { } name } ? new ReferenceName(ReferenceKind.Local, name) : null;

    private ReferenceName? Entry(ulong dict, ulong to)
    {
        if (!readers.Dicts.TryKeys(context.Memory.U64(dict + (ulong)readers.Dicts.MaKeys), out var keys))
            return null;
        var split = context.Memory.U64(dict + (ulong)readers.Dicts.MaValues);
        var values = split == 0 ? 0 : readers.Dicts.ValuesOf(split);
        for (long i = 0; i < keys.Count; i++)
            if ((values != 0 ? context.Memory.U64(values + ((ulong)i * 8)) : keys.Value(i)) == to)
                return new ReferenceName(ReferenceKind.Value, KeyText(keys.Key(i)));
        for (long i = 0; i < keys.Count; i++)
            if (keys.Key(i) == to)
                return new ReferenceName(ReferenceKind.Key);
        return null;
    }

    /// <summary>Of a str the text, of another key its type: "(int)".</summary>
    private string KeyText(ulong key)
    {
        if (catalog.Find(context.Memory.U64(key + (ulong)_type)) is not { } type)
            return "";
        return (type.Flags & TypeFlags.UnicodeSubclass) != 0
            ? _text.Read(key) ?? ""
            : string.Create(CultureInfo.InvariantCulture, $"({readers.Names.Of(type).Name})");
    }

    private ReferenceName? Item(ulong items, long count, ulong to)
    {
        var words = (ulong*)context.Items(items, count, 8);
        if (words == null)
            return null;
        for (long i = 0; i < count; i++)
            if (words[i] == to)
                return new ReferenceName(ReferenceKind.Item, Index: i);
        return null;
    }

    /// <summary>By the order in which the type's reader reports items.</summary>
    private ReferenceName? Ordinal(ulong from, PyType type, ulong to)
    {
        using var edges = new EdgeBuffer();
        var at = context.Memory.Translate(from, (ulong)type.BasicSize);
        new DequeReader(context).Read(at, from, type, edges);
        for (var i = 0; i < edges.Count; i++)
            if (EdgeBuffer.AddressOf(edges.Items[i]) == to)
                return new ReferenceName(ReferenceKind.Item, Index: i);
        return null;
    }
}
