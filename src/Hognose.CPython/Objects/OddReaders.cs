using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>A module: its dict, and the state of its C part, of which only the size is known.</summary>
internal sealed unsafe class ModuleReader(WalkContext context) : ObjectReader
{
    private const long LargestState = 1 << 20;

    private readonly int _dict = context.Layout.PyModuleObject.md_dict;
    private readonly int _name = context.Layout.PyModuleObject.md_name;
    private readonly int _state = context.Layout.PyModuleObject.md_state;
    private readonly int _definition = context.Layout.PyModuleObject.md_def;
    private readonly int _ownStateSize = context.Layout.PyModuleObject.md_state_size;
    private readonly int _stateSize = context.Layout.PyModuleDef.m_size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(at + _dict), EdgeKind.Ref);
        edges.Add(*(ulong*)(at + _name), EdgeKind.Extra);
        var bytes = _ownStateSize >= 0
            ? *(long*)(at + _ownStateSize)
            : context.Memory.I64(*(ulong*)(at + _definition) + (ulong)_stateSize);
        if (bytes is < 8 or > LargestState)
            return;
        var words = context.Items(*(ulong*)(at + _state), bytes / 8, 8);
        if (words != null)
            edges.AddAll((ulong*)words, bytes / 8, EdgeKind.Cons);
    }
}

/// <summary>
/// lru_cache visits the keys and results of its links on their behalf, since links are not collected; the links themselves are owned by
/// the cache's dict (Modules/_functoolsmodule.c).
/// </summary>
internal sealed unsafe class LruCacheReader(WalkContext context, bool visitsLinkTypes) : ObjectReader
{
    private readonly int _type = context.Layout.PyObject.ob_type;
    private readonly int _root = context.Layout.LruCacheObject.root;
    private readonly int _next = context.Layout.LruListElement.next;
    private readonly int _key = context.Layout.LruListElement.key;
    private readonly int _result = context.Layout.LruListElement.result;
    private readonly int _size = context.Layout.LruListElement.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var root = address + (ulong)_root;
        var link = *(ulong*)(at + _root + _next);
        for (long i = 0; link != root && link != 0 && i < context.MaxItems; i++)
        {
            var item = context.Memory.Translate(link, (ulong)_size);
            if (item == null)
                return;
            edges.Add(*(ulong*)(item + _key), EdgeKind.GcOnly);
            edges.Add(*(ulong*)(item + _result), EdgeKind.GcOnly);
            if (visitsLinkTypes)
                edges.Add(*(ulong*)(item + _type), EdgeKind.GcOnly);
            link = *(ulong*)(item + _next);
        }
    }
}

/// <summary>The values that <c>itertools.tee</c> has read ahead.</summary>
internal sealed unsafe class TeeDataReader(WalkContext context) : ObjectReader
{
    private const int ItemsPerLink = 57;

    private readonly int _count = context.Layout.TeeDataObject.numread;
    private readonly int _values = context.Layout.TeeDataObject.values;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var count = *(int*)(at + _count);
        if (count is > 0 and <= ItemsPerLink)
            edges.AddAll((ulong*)(at + _values), count, EdgeKind.Ref);
    }
}

/// <summary>An XML element: text and tail carry a tag bit, children and attributes stand apart (Modules/_elementtree.c).</summary>
internal sealed unsafe class ElementReader(WalkContext context) : ObjectReader
{
    private readonly int _tag = context.Layout.ElementObject.tag;
    private readonly int _text = context.Layout.ElementObject.text;
    private readonly int _tail = context.Layout.ElementObject.tail;
    private readonly int _extra = context.Layout.ElementObject.extra;
    private readonly int _attributes = context.Layout.ElementObjectExtra.attrib;
    private readonly int _length = context.Layout.ElementObjectExtra.length;
    private readonly int _children = context.Layout.ElementObjectExtra.children;
    private readonly int _extraSize = context.Layout.ElementObjectExtra.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(at + _tag), EdgeKind.Ref);
        edges.Add(*(ulong*)(at + _text) & ~1ul, EdgeKind.Ref);
        edges.Add(*(ulong*)(at + _tail) & ~1ul, EdgeKind.Ref);
        var extra = context.Memory.Translate(*(ulong*)(at + _extra), (ulong)_extraSize);
        if (*(ulong*)(at + _extra) == 0 || extra == null)
            return;
        edges.Add(*(ulong*)(extra + _attributes), EdgeKind.Ref);
        var count = *(long*)(extra + _length);
        var children = context.Items(*(ulong*)(extra + _children), count, 8);
        if (children != null)
            edges.AddAll((ulong*)children, count, EdgeKind.Ref);
    }
}

/// <summary><c>Element.__sizeof__</c>: the extra part, and the children once they left it.</summary>
internal sealed unsafe class ElementSize(WalkContext context) : SizeReader
{
    private readonly int _extra = context.Layout.ElementObject.extra;
    private readonly int _allocated = context.Layout.ElementObjectExtra.allocated;
    private readonly int _children = context.Layout.ElementObjectExtra.children;
    private readonly int _inline = context.Layout.ElementObjectExtra._children;
    private readonly int _extraSize = context.Layout.ElementObjectExtra.Size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var extraAt = *(ulong*)(at + _extra);
        var extra = context.Memory.Translate(extraAt, (ulong)_extraSize);
        if (extraAt == 0 || extra == null)
            return type.BasicSize;
        var isInline = *(ulong*)(extra + _children) == extraAt + (ulong)_inline;
        return type.BasicSize + _extraSize + (isInline ? 0 : 8 * *(long*)(extra + _allocated));
    }
}

/// <summary><c>code.__sizeof__</c> up to 3.10, with the cache of global look-ups.</summary>
internal sealed unsafe class CodeSize_3_8(WalkContext context) : SizeReader
{
    private const int OpcacheEntry = 32;

    private readonly int _cells = context.Layout.PyCodeObject.co_cellvars;
    private readonly int _cell2arg = context.Layout.PyCodeObject.co_cell2arg;
    private readonly int _extra = context.Layout.PyCodeObject.co_extra;
    private readonly int _code = context.Layout.PyCodeObject.co_code;
    private readonly int _opcacheMap = context.Layout.PyCodeObject.co_opcache_map;
    private readonly int _opcacheSize = context.Layout.PyCodeObject.co_opcache_size;
    private readonly int _count = context.Layout.PyVarObject.ob_size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var size = type.BasicSize + CodeExtra.BytesOf(context, *(ulong*)(at + _extra));
        var cells = *(ulong*)(at + _cells);
        if (*(ulong*)(at + _cell2arg) != 0 && cells != 0)
            size += 8 * context.Memory.I64(cells + (ulong)_count);
        if (*(ulong*)(at + _opcacheMap) != 0)
            size += context.Memory.I64(*(ulong*)(at + _code) + (ulong)_count) / 2 + *(byte*)(at + _opcacheSize) * OpcacheEntry;
        return size;
    }
}

/// <summary>From 3.11 on the bytecode stands in the code object, in units of two bytes.</summary>
internal sealed unsafe class CodeSize_3_11(WalkContext context) : SizeReader
{
    private readonly int _extra = context.Layout.PyCodeObject.co_extra;
    private readonly int _count = context.Layout.PyVarObject.ob_size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        var units = Math.Clamp(*(long*)(at + _count), 0, context.MaxItems);
        return ((type.BasicSize + units * type.ItemSize + 7) & ~7L) + CodeExtra.BytesOf(context, *(ulong*)(at + _extra));
    }
}

/// <summary>What debuggers attach to code: a count and as many pointers (<c>_PyCodeObjectExtra</c>).</summary>
internal static class CodeExtra
{
    public static long BytesOf(WalkContext context, ulong extra)
    {
        if (extra == 0)
            return 0;
        var count = Math.Clamp(context.Memory.I64(extra), 0, 255);
        return 16 + (count - 1) * 8;
    }
}
