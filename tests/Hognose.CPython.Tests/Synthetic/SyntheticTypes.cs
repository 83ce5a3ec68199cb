using Hognose.CPython.Layouts;
using Hognose.CPython.Layouts.Validation;
using Hognose.Targets.Memory;

namespace Hognose.CPython.Tests.Synthetic;

/// <summary>Static types as CPython's own look in memory; their sizes are what the layout expects of their names.</summary>
internal sealed class SyntheticTypes
{
    private const ulong Ready = 1 << 12;
    private const ulong Collected = 1 << 14;
    private const int PointerSize = 8;
    private const int Immortal = 1 << 29;

    /// <summary>Py_TPFLAGS_HAVE_GC, a Py_TPFLAGS_…_SUBCLASS, and tp_itemsize.</summary>
    private static readonly Dictionary<string, (ulong Flags, int ItemSize)> Known = new(StringComparer.Ordinal)
    {
        ["int"] = (1ul << 24, 4),
        ["list"] = (Collected | 1ul << 25, 0),
        ["tuple"] = (Collected | 1ul << 26, PointerSize),
        ["bytes"] = (1ul << 27, 1),
        ["str"] = (1ul << 28, 0),
        ["dict"] = (Collected | 1ul << 29, 0),
        ["type"] = (Collected | 1ul << 31, 40),
        ["function"] = (Collected, 0),
        ["module"] = (Collected, 0),
        ["cell"] = (Collected, 0),
        ["set"] = (Collected, 0),
    };

    private readonly SyntheticMemory _memory;
    private readonly CPythonLayout _layout;
    private readonly Dictionary<string, TargetAddress> _types = new(StringComparer.Ordinal);

    public SyntheticTypes(SyntheticMemory memory, CPythonLayout layout)
    {
        _memory = memory;
        _layout = layout;
        foreach (var name in (string[])["type", "object", "tuple"])
            _types[name] = memory.Allocate(layout.PyTypeObject.Size);
        foreach (var (name, address) in _types)
            Fill(address, name);
    }

    /// <summary>The static type of that <c>tp_name</c>, made when it is first asked for.</summary>
    public TargetAddress this[string name] => _types.TryGetValue(name, out var address) ? address : Make(name);

    public static bool IsCollected(string name) => (FlagsOf(name) & Collected) != 0;

    public int BasicSizeOf(string name) => TypeSizes.TryExpect(_layout, name, out var size)
        ? size
        : throw new ArgumentException($"the layout of {_layout.Version} says nothing of {name}", nameof(name));

    private TargetAddress Make(string name)
    {
        var address = _types[name] = _memory.Allocate(_layout.PyTypeObject.Size);
        Fill(address, name);
        return address;
    }

    private void Fill(TargetAddress address, string name)
    {
        ref readonly var type = ref _layout.PyTypeObject;
        _memory.Write(address, _layout.PyObject.ob_refcnt, Immortal);
        _memory.WritePointer(address, _layout.PyObject.ob_type, _types["type"]);
        _memory.WritePointer(address, type.tp_name, _memory.AllocateText(name));
        _memory.Write(address, type.tp_basicsize, (long)BasicSizeOf(name));
        _memory.Write(address, type.tp_itemsize, (long)Known.GetValueOrDefault(name).ItemSize);
        _memory.Write(address, type.tp_flags, FlagsOf(name));
        _memory.WritePointer(address, type.tp_base, name == "object" ? TargetAddress.Null : _types["object"]);
        _memory.WritePointer(address, type.tp_mro, ResolutionOrder(address));
    }

    private TargetAddress ResolutionOrder(TargetAddress type)
    {
        TargetAddress[] order = type == _types["object"] ? [type] : [type, _types["object"]];
        var tuple = _memory.Allocate(_layout.PyTupleObject.ob_item + order.Length * PointerSize);
        _memory.Write(tuple, _layout.PyObject.ob_refcnt, 1);
        _memory.WritePointer(tuple, _layout.PyObject.ob_type, _types["tuple"]);
        _memory.Write(tuple, _layout.PyVarObject.ob_size, (long)order.Length);
        for (var i = 0; i < order.Length; i++)
            _memory.WritePointer(tuple, _layout.PyTupleObject.ob_item + i * PointerSize, order[i]);
        return tuple;
    }

    private static ulong FlagsOf(string name) => Ready | Known.GetValueOrDefault(name).Flags;
}
