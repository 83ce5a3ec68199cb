using Hognose.CPython.Objects;
using Hognose.CPython.Walk;

namespace Hognose.CPython.Naming;

/// <summary>The names of a function's variables, in the order of its frame's slots: locals, then cells and free variables.</summary>
internal sealed unsafe class LocalNames(WalkContext context)
{
    private const int MostNames = 1 << 16;

    private readonly UnicodeText _text = new(context);
    private readonly int _all = context.Layout.PyCodeObject.co_localsplusnames;
    private readonly int _locals = context.Layout.PyCodeObject.co_varnames;
    private readonly int _cells = context.Layout.PyCodeObject.co_cellvars;
    private readonly int _free = context.Layout.PyCodeObject.co_freevars;
    private readonly int _kinds = context.Layout.PyCodeObject.co_localspluskinds;
    private readonly int _kindBytes = context.Layout.PyBytesObject.ob_sval;
    private readonly int _name = context.Layout.PyCodeObject.co_name;
    private readonly int _qualifiedName = context.Layout.PyCodeObject.co_qualname;
    private readonly int _file = context.Layout.PyCodeObject.co_filename;
    private readonly int _count = context.Layout.PyVarObject.ob_size;
    private readonly int _items = context.Layout.PyTupleObject.ob_item;

    public List<string> Of(ulong code)
    {
        var names = new List<string>();
        foreach (var field in _all >= 0 ? (int[])[_all] : [_locals, _cells, _free])
            AddTuple(context.Memory.U64(code + (ulong)field), names);
        return names;
    }

    /// <summary>Variables of enclosing functions, in the order of <c>__closure__</c>.</summary>
    public List<string> FreeOf(ulong code)
    {
        var names = new List<string>();
        if (_all < 0)
        {
            AddTuple(context.Memory.U64(code + (ulong)_free), names);
            return names;
        }
        // One byte a slot (Include/internal/pycore_code.h, CO_FAST_FREE).
        const byte free = 0x80;
        var kinds = context.Memory.U64(code + (ulong)_kinds);
        AddTuple(context.Memory.U64(code + (ulong)_all), names);
        return [.. names.Where((_, i) => (context.Memory.U8(kinds + (ulong)(_kindBytes + i)) & free) != 0)];
    }

    /// <summary>As a traceback names it; qualified from 3.11 on.</summary>
    public string FunctionOf(ulong code) =>
        _text.Read(context.Memory.U64(code + (ulong)(_qualifiedName >= 0 ? _qualifiedName : _name))) ?? "";

    public string FileOf(ulong code) => _text.Read(context.Memory.U64(code + (ulong)_file)) ?? "";

    private void AddTuple(ulong tuple, List<string> names)
    {
        var count = Math.Min(context.Memory.I64(tuple + (ulong)_count), MostNames);
        var items = tuple == 0 ? null : (ulong*)context.Items(tuple + (ulong)_items, count, 8);
        if (items == null)
            return;
        for (long i = 0; i < count; i++)
            names.Add(_text.Read(items[i]) ?? "");
    }
}
