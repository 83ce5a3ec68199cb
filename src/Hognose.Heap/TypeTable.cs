namespace Hognose.Heap;

/// <summary>How far the shallow size of a type's instances can be trusted.</summary>
public enum SizeCertainty : byte
{
    /// <summary>Computed as the type's own <c>__sizeof__</c> computes it.</summary>
    Exact,

    /// <summary>The fixed and per-item parts that the type declares; memory it allocates besides is unknown. A lower bound.</summary>
    Estimate,
}

/// <summary>One type of the heap, by the name that a traceback would use.</summary>
/// <param name="Module">"builtins" for what needs no import; empty where it could not be read.</param>
/// <param name="Name">The qualified name within the module.</param>
/// <param name="Address">Of the type object in the target.</param>
/// <param name="Size">How its instances' sizes are known.</param>
/// <param name="Node">The type object itself as a node, or -1.</param>
public sealed record HeapType(string Module, string Name, ulong Address, SizeCertainty Size, int Node)
{
    /// <summary>As Python prints a class: "dict", "collections.OrderedDict".</summary>
    public string QualifiedName => Module.Length == 0 || Module == "builtins" ? Name : Module + "." + Name;

    /// <summary>A finalizer that runs on no object of a cycle (tp_del, which only C types can still have): the collector leaves it and all it leads to.</summary>
    public bool HasOldFinalizer { get; init; }

    /// <summary>Its instances vary in size (tp_itemsize): int, tuple, bytes, type and what derives from them, which CPython lets have no slots.</summary>
    public bool IsVariableSize { get; init; }

    public override string ToString() => QualifiedName;
}

/// <summary>The types of a heap, by <see cref="TypeId"/>.</summary>
public sealed class TypeTable(IReadOnlyList<HeapType> types)
{
    public int Count => types.Count;

    public HeapType this[TypeId id] => types[id.Value];

    public IReadOnlyList<HeapType> All => types;
}
