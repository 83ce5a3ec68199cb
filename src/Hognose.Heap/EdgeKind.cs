namespace Hognose.Heap;

/// <summary>Why one object leads to another. Two bits of an edge.</summary>
public enum EdgeKind : byte
{
    /// <summary>Owned, and reported by <c>gc.get_referents</c>.</summary>
    Ref = 0,

    /// <summary>Owned, but <c>tp_traverse</c> does not visit it: keys of str-keyed dicts, constants of code, names of types.</summary>
    Extra = 1,

    /// <summary>Reported by <c>gc.get_referents</c> without being owned: it mirrors what the collector sees, and is no ownership.</summary>
    GcOnly = 2,

    /// <summary>Found by a conservative scan of the words of a C type whose layout is unknown: likely owned, not proven.</summary>
    Cons = 3,
}
