namespace Hognose.CPython.Types;

/// <summary>Bits of <c>tp_flags</c> (Include/object.h).</summary>
internal static class TypeFlags
{
    public const ulong StaticBuiltin = 1ul << 1;
    public const ulong InlineValues = 1ul << 2;
    public const ulong ManagedWeakref = 1ul << 3;
    public const ulong ManagedDict = 1ul << 4;
    public const ulong HeapType = 1ul << 9;
    public const ulong Ready = 1ul << 12;
    public const ulong HaveGc = 1ul << 14;
    public const ulong ListSubclass = 1ul << 25;
    public const ulong TupleSubclass = 1ul << 26;
    public const ulong UnicodeSubclass = 1ul << 28;
    public const ulong DictSubclass = 1ul << 29;
    public const ulong TypeSubclass = 1ul << 31;
}
