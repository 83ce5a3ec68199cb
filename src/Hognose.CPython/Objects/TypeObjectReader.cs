using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Heap;

namespace Hognose.CPython.Objects;

/// <summary>A type as an object (Objects/typeobject.c, type_traverse): only heap types are collected, so a static one reports nothing.</summary>
internal sealed unsafe class TypeObjectReader(WalkContext context, DictShape dicts, StaticTypeStates states) : ObjectReader
{
    private readonly int _flags = context.Layout.PyTypeObject.tp_flags;
    private readonly int _subclasses = context.Layout.PyTypeObject.tp_subclasses;
    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;
    private readonly int[] _common =
    [
        context.Layout.PyTypeObject.tp_cache, context.Layout.PyTypeObject.tp_mro,
        context.Layout.PyTypeObject.tp_bases, context.Layout.PyTypeObject.tp_base,
    ];

    private readonly int _module = context.Layout.PyHeapTypeObject.ht_module;
    private readonly int[] _names =
    [
        context.Layout.PyHeapTypeObject.ht_name, context.Layout.PyHeapTypeObject.ht_qualname, context.Layout.PyHeapTypeObject.ht_slots,
    ];

    private readonly int _heapSize = context.Layout.PyHeapTypeObject.Size;

    public override void Read(byte* at, ulong address, PyType type, EdgeBuffer edges)
    {
        var isHeap = (*(ulong*)(at + _flags) & TypeFlags.HeapType) != 0;
        var kind = isHeap ? EdgeKind.Ref : EdgeKind.Extra;
        if (isHeap)
            edges.Add(*(ulong*)(at + _dict), kind);
        else
            states.Read(at, edges);
        foreach (var offset in _common)
            edges.Add(*(ulong*)(at + offset), kind);
        if (isHeap)
            ReadHeapPart(at, address, edges);
    }

    private void ReadHeapPart(byte* at, ulong address, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(at + _subclasses), EdgeKind.Extra);
        if (context.Memory.Translate(address, (ulong)_heapSize) == null)
            return;
        edges.Add(TargetWords.Field(at, _module), EdgeKind.Ref);
        foreach (var offset in _names)
            edges.Add(*(ulong*)(at + offset), EdgeKind.Extra);
        if (!dicts.TryKeys(*(ulong*)(at + _cachedKeys), out var keys))
            return;
        for (long i = 0; i < keys.Count; i++)
            edges.Add(keys.Key(i), EdgeKind.Extra);
    }
}

/// <summary>What a static type owns and where: in its own struct, or since 3.12 in each interpreter.</summary>
internal abstract unsafe class StaticTypeStates
{
    public abstract void Read(byte* type, EdgeBuffer edges);

    /// <summary>The type's dict in the main interpreter, or zero.</summary>
    public abstract ulong DictOf(byte* type);
}

internal sealed unsafe class StaticTypeStates_3_8(WalkContext context) : StaticTypeStates
{
    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _subclasses = context.Layout.PyTypeObject.tp_subclasses;

    public override void Read(byte* type, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(type + _dict), EdgeKind.Extra);
        edges.Add(*(ulong*)(type + _subclasses), EdgeKind.Extra);
    }

    public override ulong DictOf(byte* type) => *(ulong*)(type + _dict);
}

/// <summary>
/// 3.12: builtin static types keep dict and subclasses in <c>interp.types.builtins.initialized[index]</c>, the index standing, plus one,
/// in <c>tp_subclasses</c> (gh-94673). Static types of extension modules keep them in the struct until 3.13, then in a second array.
/// </summary>
internal sealed unsafe class StaticTypeStates_3_12(WalkContext context, IReadOnlyList<ulong> interpreters) : StaticTypeStates
{
    private const ulong MaxIndex = 4096;

    private readonly int _dict = context.Layout.PyTypeObject.tp_dict;
    private readonly int _subclasses = context.Layout.PyTypeObject.tp_subclasses;
    private readonly int _stateSize = context.Layout.StaticTypeState.Size;
    private readonly int _stateType = context.Layout.StaticTypeState.type;
    private readonly int _stateDict = context.Layout.StaticTypeState.tp_dict;
    private readonly int _stateSubclasses = context.Layout.StaticTypeState.tp_subclasses;
    private readonly int[] _arrays = Arrays(context);

    public override void Read(byte* type, EdgeBuffer edges)
    {
        edges.Add(*(ulong*)(type + _dict), EdgeKind.Extra);
        var index = *(ulong*)(type + _subclasses);
        if (index - 1 >= MaxIndex)
        {
            edges.Add(index, EdgeKind.Extra);
            return;
        }
        foreach (var interpreter in interpreters)
            foreach (var array in _arrays)
                if (StateOf(interpreter, array, index - 1, type) is var state && state != null)
                {
                    edges.Add(*(ulong*)(state + _stateDict), EdgeKind.Extra);
                    edges.Add(*(ulong*)(state + _stateSubclasses), EdgeKind.Extra);
                }
    }

    public override ulong DictOf(byte* type)
    {
        var index = *(ulong*)(type + _subclasses);
        if (index - 1 < MaxIndex)
            foreach (var interpreter in interpreters.Reverse())
                foreach (var array in _arrays)
                    if (StateOf(interpreter, array, index - 1, type) is var state && state != null)
                        return *(ulong*)(state + _stateDict);
        return *(ulong*)(type + _dict);
    }

    private static int[] Arrays(WalkContext context)
    {
        var types = context.Layout.PyInterpreterState.types;
        var state = context.Layout.TypesState;
        return state.builtins_initialized >= 0
            ? [types + state.builtins_initialized, types + state.for_extensions_initialized]
            : [types + state.builtins];
    }

    // An index may be another type's of another array: the state says whose it is.
    private byte* StateOf(ulong interpreter, int array, ulong index, byte* type)
    {
        if (array < 0)
            return null;
        var state = context.Memory.Translate(interpreter + (ulong)array + index * (ulong)_stateSize, (ulong)_stateSize);
        if (state == null)
            return null;
        var owner = context.Memory.Translate(*(ulong*)(state + _stateType), 8);
        return owner == type ? state : null;
    }
}

/// <summary><c>type.__sizeof__</c>.</summary>
internal sealed unsafe class TypeObjectSize(WalkContext context, DictShape dicts, int staticHeader) : SizeReader
{
    private readonly int _flags = context.Layout.PyTypeObject.tp_flags;
    private readonly int _cachedKeys = context.Layout.PyHeapTypeObject.ht_cached_keys;
    private readonly int _heapSize = context.Layout.PyHeapTypeObject.Size;
    private readonly int _staticSize = context.Layout.PyTypeObject.Size;

    public override long SizeOf(byte* at, ulong address, PyType type)
    {
        // The metatype's header is added by the caller; static types count less.
        if ((*(ulong*)(at + _flags) & TypeFlags.HeapType) == 0)
            return _staticSize + staticHeader - type.SizeHeader;
        if (context.Memory.Translate(address, (ulong)_heapSize) == null)
            return _heapSize;
        return _heapSize + (dicts.TryKeys(*(ulong*)(at + _cachedKeys), out var keys) && *(ulong*)(at + _cachedKeys) != 0 ? keys.Bytes : 0);
    }
}
