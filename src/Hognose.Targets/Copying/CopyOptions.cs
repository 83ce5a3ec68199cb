using Hognose.Diagnostics;
using Hognose.Targets.Memory;

namespace Hognose.Targets.Copying;

public sealed record CopyOptions
{
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>
    /// Asked with the target standing still. When it says no, the target goes on for a moment and is stopped again; null means that every
    /// instant is good.
    /// </summary>
    public Func<IMemoryReader, bool>? IsSuitableInstant { get; init; }

    /// <summary>Stops in all; the last one is copied whatever it is.</summary>
    public int Tries { get; init; } = 12;
}
