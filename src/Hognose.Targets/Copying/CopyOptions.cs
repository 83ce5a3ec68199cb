using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Copying;

/// <summary>How a process's memory is had.</summary>
public enum CopyWay
{
    /// <summary>It stands still while its memory is copied: about 0.12 s a GB.</summary>
    Copy,

    /// <summary>It stands still while it forks, and the frozen child is copied; where that can't be, as <see cref="Copy"/>.</summary>
    Fork,

    /// <summary>It runs on while it is read: what is copied first may not fit to what is copied last, and every figure is approximate.</summary>
    Running,

    /// <summary>As <see cref="Fork"/> where there is much to copy, else as <see cref="Copy"/>, which leaves no trace in any case.</summary>
    BySize,
}

public sealed record CopyOptions
{
    public CopyWay Way { get; init; }

    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>
    /// Asked with the target standing still. When it says no, the target goes on for a moment and is stopped again; null means that every
    /// instant is good.
    /// </summary>
    public Func<IMemoryReader, bool>? IsSuitableInstant { get; init; }

    /// <summary>Also reads <see cref="MemoryCopy.Account"/> while the target stands still.</summary>
    public bool ReadsAccount { get; init; }

    /// <summary>Stops in all; the last one is copied whatever it is.</summary>
    public int Tries { get; init; } = 12;
}
