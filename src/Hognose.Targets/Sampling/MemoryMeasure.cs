namespace Hognose.Targets.Sampling;

/// <summary>What of a process's memory is counted.</summary>
public enum MemoryMeasure
{
    /// <summary>RSS: every page in memory, also those that others use too. From <c>statm</c>: the process notices nothing.</summary>
    Resident,

    /// <summary>PSS: a page that n processes use counts as 1/n. From <c>smaps_rollup</c>: the kernel looks at every page.</summary>
    Proportional,

    /// <summary>USS: pages that no other process uses; what its end would give back.</summary>
    Unique,
}
