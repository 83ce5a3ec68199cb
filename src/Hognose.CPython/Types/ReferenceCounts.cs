namespace Hognose.CPython.Types;

/// <summary>What the first word of an object says of its lifetime (Include/refcount.h).</summary>
internal interface IReferenceCounts
{
    /// <summary>False for a word that cannot be the count of a living object: a freed block's link, a pointer.</summary>
    bool IsSane(ulong word);

    bool IsImmortal(ulong word);

    long Count(ulong word);
}

/// <summary>A signed word; deep-frozen objects of 3.11 start at 999,999,999.</summary>
internal sealed class ReferenceCounts_3_8 : IReferenceCounts
{
    private const ulong Most = 1ul << 33;
    private const ulong DeepFrozen = 900_000_000;

    public bool IsSane(ulong word) => word is > 0 and < Most;

    public bool IsImmortal(ulong word) => word >= DeepFrozen;

    public long Count(ulong word) => (long)word;
}

/// <summary>The low half is negative for an immortal object (PEP 683).</summary>
internal sealed class ReferenceCounts_3_12 : IReferenceCounts
{
    private const ulong Most = 1ul << 33;

    public bool IsSane(ulong word) => word is > 0 and < Most;

    public bool IsImmortal(ulong word) => (int)word < 0;

    public long Count(ulong word) => (long)word;
}

/// <summary>32 bits of count, 16 of overflow, 16 of flags; freed objects on free lists keep their type and a link here.</summary>
internal sealed class ReferenceCounts_3_14 : IReferenceCounts
{
    public bool IsSane(ulong word) => (uint)word != 0 && (word >> 32 & 0xffff) == 0;

    public bool IsImmortal(ulong word) => (int)word < 0;

    public long Count(ulong word) => (uint)word;
}
