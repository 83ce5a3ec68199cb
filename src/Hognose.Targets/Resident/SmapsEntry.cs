using Hognose.Targets.Memory;

namespace Hognose.Targets.Resident;

/// <summary>The kernel's account of one mapping (proc_pid_smaps(5)). Sizes are bytes.</summary>
/// <param name="Path">As in <c>/proc/PID/maps</c>; empty for plain anonymous memory.</param>
/// <param name="Resident">In memory now (Rss).</param>
/// <param name="Proportional">Each page divided by the number of processes that have it (Pss).</param>
/// <param name="Shared">Of the resident bytes, those that another process has too; after a fork parent and child share what neither has written.</param>
/// <param name="Anonymous">Of the resident bytes, those that no file backs: written copies of a file's pages included.</param>
public readonly record struct SmapsEntry(
    TargetAddress Low, TargetAddress High, string Path, long Resident, long Proportional, long Shared, long Private, long Anonymous, long Swapped);
