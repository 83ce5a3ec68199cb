using Hognose.CPython.Objects;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Types;

/// <summary>Names of types, as a traceback would print them.</summary>
internal sealed unsafe class TypeNames(WalkContext context, DictShape dicts)
{
    private readonly UnicodeText _text = new(context);
    private readonly int _name = context.Layout.PyTypeObject.tp_name;
    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _qualifiedName = context.Layout.PyHeapTypeObject.ht_qualname;

    /// <summary><c>tp_name</c>: of a type written in C the module, a dot, and the name.</summary>
    public string NativeName(PyType type) =>
        context.Memory.CString(context.Memory.U64(type.Address + (ulong)_name), context.Limits.NameBytes) ?? "";

    public (string Module, string Name) Of(PyType type)
    {
        var native = NativeName(type);
        if (type.IsHeap && ModuleOf(type) is { } module
            && _text.Read(context.Memory.U64(type.Address + (ulong)_qualifiedName)) is { Length: > 0 } name)
            return (module, name);
        var dot = native.LastIndexOf('.');
        if (dot > 0)
            return (native[..dot], native[(dot + 1)..]);
        return native.Length == 0 ? ("", $"type at 0x{type.Address:x}") : ("builtins", native);
    }

    private string? ModuleOf(PyType type)
    {
        var value = Lookup(context.Memory.U64(type.Address + (ulong)_dict), "__module__");
        return value == 0 ? null : _text.Read(value);
    }

    /// <summary>The value under a str key, found by going over the entries; zero when there is none.</summary>
    public ulong Lookup(ulong dict, string key)
    {
        if (!dicts.TryKeys(context.Memory.U64(dict + (ulong)dicts.MaKeys), out var keys)
            || context.Memory.U64(dict + (ulong)dicts.MaValues) != 0)
            return 0;
        for (long i = 0; i < keys.Count; i++)
            if (keys.Value(i) != 0 && _text.Read(keys.Key(i)) == key)
                return keys.Value(i);
        return 0;
    }
}
