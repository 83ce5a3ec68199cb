namespace Hognose.Targets.Memory;

/// <summary>Why bytes that the target has are not in a copy of it.</summary>
public enum MissingReason
{
    /// <summary>The kernel refused to read them (device memory, a file cut short, a failing disk).</summary>
    Unreadable,

    /// <summary>Mapped after the copy's address space was reserved, too far from everything else.</summary>
    OutsideWindows,

    /// <summary>Pages of a file that the target never touched and that we could not open.</summary>
    FileNotOpened,

    /// <summary>Read-only files beyond the bound on what is copied of them.</summary>
    BeyondLimit,

    /// <summary>A core file leaves them out (its filter, coredump_filter in core(5), or a missing binary).</summary>
    NotInCore,

    /// <summary>The core file ends before them.</summary>
    CutOff,
}

/// <summary>Bytes of the target that a copy lacks; nothing else in a copied region is absent.</summary>
public readonly record struct MissingRange(TargetAddress Low, TargetAddress High, MissingReason Reason)
{
    public ulong Length => High.Value - Low.Value;
}
