using Hognose.Diagnostics;
using Hognose.Targets.Copying;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Processes;

/// <summary>
/// What the kernel says of a process that had us started and asks about itself. Nothing of its memory is read, so it need not allow us to trace it
/// (kernel.yama.ptrace_scope); the memory comes from a frozen copy that it makes of itself afterwards.
/// </summary>
public sealed class OwnLook
{
    private OwnLook(int processId, ProcStatus status, int threads)
    {
        ProcessId = processId;
        Status = status;
        Threads = threads;
    }

    public int ProcessId { get; }

    public ProcStatus Status { get; }

    public int Threads { get; }

    /// <summary>Null unless asked for, as <see cref="Regions"/> is.</summary>
    public ResidentAccount? Account { get; private init; }

    /// <summary>With the pages that it has: a fork's child lacks those of files until it touches them.</summary>
    public RegionList? Regions { get; private init; }

    /// <param name="processId">Our parent, which stands still meanwhile as far as it is Python.</param>
    /// <param name="readsAccount">Mapping by mapping and page by page, too.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <exception cref="CannotContinueException">It is gone, or /proc shows nothing of it.</exception>
    public static OwnLook At(int processId, bool readsAccount, Limits limits)
    {
        var process = TargetProcess.OfFrozenCopy(processId);
        var (status, threads) = (process.ReadStatus(), process.ReadThreads().Count);
        if (!readsAccount)
            return new OwnLook(processId, status, threads);
        using var pageMap = PageMap.Open(process);
        return new OwnLook(processId, status, threads)
        {
            Regions = CopyPlan.Look(process, pageMap, limits).Regions(),
            Account = ResidentAccount.Read(process, limits),
        };
    }
}
