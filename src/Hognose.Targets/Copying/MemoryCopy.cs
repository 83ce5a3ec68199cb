using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Copying;

/// <summary>A process's memory at one instant, and what it took to get it.</summary>
public sealed class MemoryCopy : IDisposable
{
    public required FrozenMemory Memory { get; init; }

    public required RegionList Regions { get; init; }

    /// <summary>How it was done, which may be another way than was asked for.</summary>
    public CopyWay Way { get; init; }

    /// <summary>Why the process was not forked although that was asked for; null when it was.</summary>
    public string? NoForkReason { get; init; }

    /// <summary>True when the target keeps an ended child that it could not be made to take away: a line in ps, until it ends.</summary>
    public bool LeftZombie { get; internal set; }

    /// <summary>All the time the target stood still, tries at an unsuitable instant included.</summary>
    public required TimeSpan Pause { get; init; }

    /// <summary>How often it was stopped: 1, plus one for each unsuitable instant.</summary>
    public required int Stops { get; init; }

    public required int Threads { get; init; }

    /// <summary>False when no suitable instant came within the tries (<see cref="CopyOptions.IsSuitableInstant"/>).</summary>
    public required bool WasSuitableInstant { get; init; }

    /// <summary>Bytes copied while the target stood still.</summary>
    public required ulong CopiedBytes { get; init; }

    /// <summary>The target's own account of itself, read while it stood still.</summary>
    public required ProcStatus Status { get; init; }

    /// <summary>The kernel's account of each mapping at that instant; null unless asked for (<see cref="CopyOptions.ReadsAccount"/>).</summary>
    public ResidentAccount? Account { get; init; }

    public void Dispose() => Memory.Dispose();
}
