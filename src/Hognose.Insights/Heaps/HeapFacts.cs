namespace Hognose.Insights.Heaps;

/// <summary>Whose heap it is, and what reading it took. Sizes are bytes, as the kernel counts them while the process stands still.</summary>
/// <param name="PythonVersion">As Python prints it; without the micro version where that could not be told.</param>
/// <param name="LayoutVersion">The version whose layout table was used.</param>
/// <param name="Stops">1, plus one for each instant that fell into a garbage collection.</param>
/// <param name="WasCollecting">No instant without a collection came: lists of the collector were in disorder.</param>
/// <param name="CopiedBytes">Copied while it stood still.</param>
public sealed record HeapFacts(
    int ProcessId,
    string ProgramName,
    string PythonVersion,
    string LayoutVersion,
    int Interpreters,
    int Threads,
    TimeSpan Pause,
    int Stops,
    bool WasCollecting,
    long CopiedBytes,
    ProcessMemory Memory,
    TimeSpan Elapsed)
{
    /// <summary>"fork": it stood still while it forked; "copy": while its memory was copied; "running": it did not. Null where that is not known or was not so.</summary>
    public string? Way { get; init; }

    /// <summary>Why a process that was to be forked was copied instead; null when it was not so.</summary>
    public string? NotForked { get; init; }

    /// <summary>Null for a live process.</summary>
    public CoreFacts? Core { get; init; }

    /// <summary>Null unless it was read from a snapshot.</summary>
    public SnapshotFacts? Snapshot { get; init; }

    /// <summary>The process ran on while it was read: no figure is exact.</summary>
    public bool IsApproximate { get; init; }

    /// <summary>What a command is given to read it again: the pid, or the path of the snapshot or core.</summary>
    public string Subject => Snapshot?.Path ?? Core?.Path ?? ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The snapshot that a heap was read from.</summary>
/// <param name="HasContents">Text keys and values were kept (<c>--contents</c>).</param>
public sealed record SnapshotFacts(string Path, DateTimeOffset TakenAt, bool HasContents);

/// <summary>The core file that a heap was read from. The kernel's account of the process's memory is not in it, hence 0.</summary>
/// <param name="Signal">That the process was dumped for; 0 when it was dumped alive.</param>
public sealed record CoreFacts(string Path, int Signal, string CommandLine);

/// <summary>The kernel's account of a process's memory (proc_pid_status(5)), in bytes.</summary>
public sealed record ProcessMemory(long Resident, long PeakResident, long Anonymous, long Files, long Shared, long Swapped);
