namespace Hognose.CPython.Types;

/// <summary>What the first word of an object says of its lifetime (Include/refcount.h).</summary>
internal abstract class ReferenceCounts
{
    /// <summary>False for a word that cannot be the count of a living object: a freed block's link, a pointer.</summary>
    public abstract bool IsSane(ulong word);

    public abstract bool IsImmortal(ulong word);

    public abstract long Count(ulong word);
}

/// <summary>A signed word; deep-frozen objects of 3.11 start at 999,999,999.</summary>
internal sealed class ReferenceCounts_3_8 : ReferenceCounts
{
    private const ulong Most = 1ul << 33;
    private const ulong DeepFrozen = 900_000_000;

    public override bool IsSane(ulong word) => word is > 0 and < Most;

    public override bool IsImmortal(ulong word) => word >= DeepFrozen;

    public override long Count(ulong word) => (long)word;
}

/// <summary>The low half is negative for an immortal object (PEP 683).</summary>
internal sealed class ReferenceCounts_3_12 : ReferenceCounts
{
    private const ulong Most = 1ul << 33;

    public override bool IsSane(ulong word) => word is > 0 and < Most;

    public override bool IsImmortal(ulong word) => (int)word < 0;

    public override long Count(ulong word) => (long)word;
}

/// <summary>32 bits of count, 16 of overflow, 16 of flags; freed objects on free lists keep their type and a link here.</summary>
internal sealed class ReferenceCounts_3_14 : ReferenceCounts
{
    public override bool IsSane(ulong word) => (uint)word != 0 && (word >> 32 & 0xffff) == 0;

    public override bool IsImmortal(ulong word) => (int)word < 0;

    public override long Count(ulong word) => (uint)word;
}
