using Hognose.Diagnostics;
using Hognose.Targets.Freezing;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Copying;

/// <summary>
/// Copies a process's memory with the process standing still as shortly as can be: look, make room, stop, look again, copy what changes,
/// let go, copy what doesn't.
/// </summary>
public static class MemoryCopier
{
    /// <summary>Address space (not memory) kept free around what is mapped, for arenas that appear between the look and the stop.</summary>
    private const ulong Slack = 64UL << 30;

    /// <summary>Copying so much takes 30 ms and more (0.12 s a GB), a fork 5 to 10.</summary>
    private const ulong Much = 256 << 20;

    private static readonly TimeSpan LongestBreak = TimeSpan.FromMilliseconds(16);

    /// <exception cref="CannotContinueException">It doesn't fit, or the target ended, is traced, or doesn't stop.</exception>
    public static MemoryCopy Copy(TargetProcess process, CopyOptions options, CancellationToken cancellation)
    {
        using var pageMap = PageMap.Open(process);
        var look = CopyPlan.Look(process, pageMap, options.Limits);
        var merged = Prefault.Merge(look.ChangingRuns);
        AvailableMemory.Require(process, PageRun.TotalLength(merged));
        AvailableThreads.Require(process);
        using var constants = new ConstantParts(process, look);
        var memory = new FrozenMemory(look.Spans, Slack);
        try
        {
            Prefault.Populate(memory, merged, cancellation);
            if (options.Way == CopyWay.Running)
                return CopyRunning(memory, process, pageMap, constants, options, cancellation);
            string? noFork = null;
            var forks = options.Way == CopyWay.Fork || (options.Way == CopyWay.BySize && PageRun.TotalLength(merged) >= Much);
            return (forks ? ForkCopier.TryCopy(memory, process, look, options, cancellation, out noFork) : null)
                ?? CopyInto(memory, process, pageMap, constants, options, noFork, cancellation);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private static MemoryCopy CopyInto(
        FrozenMemory memory, TargetProcess process, PageMap pageMap, ConstantParts constants, CopyOptions options, string? noFork,
        CancellationToken cancellation)
    {
        using var reader = new BulkReader(process, memory, cancellation);
        var instant = new CopiedInstant(process, pageMap, reader, options);
        var pause = TimeSpan.Zero;
        var stops = 0;
        FreezeReport report;
        do
        {
            if (stops > 0)
                cancellation.WaitHandle.WaitOne(BreakAfter(stops));
            var isLast = ++stops >= options.Tries;
            report = ProcessFreezer.WhileStopped(process, () => instant.Take(isLast), cancellation);
            pause += report.Pause;
        }
        while (instant.Plan is null);

        constants.Copy(instant.Plan, memory, reader);
        memory.MarkMissing(reader.Missing.Concat(constants.Missing));
        return new MemoryCopy
        {
            Memory = memory,
            Regions = instant.Plan.Regions(),
            NoForkReason = noFork,
            Pause = pause,
            Stops = stops,
            Threads = report.Threads,
            WasSuitableInstant = instant.IsSuitable,
            CopiedBytes = instant.CopiedBytes,
            Status = instant.Status!,
            Account = instant.Account,
        };
    }

    /// <summary>Nothing is stopped, and no instant is better than another. A page that comes or goes meanwhile is listed as missing.</summary>
    private static MemoryCopy CopyRunning(
        FrozenMemory memory, TargetProcess process, PageMap pageMap, ConstantParts constants, CopyOptions options, CancellationToken cancellation)
    {
        using var reader = new BulkReader(process, memory, cancellation);
        var plan = CopyPlan.Look(process, pageMap, options.Limits);
        var copied = reader.Read(plan.ChangingRuns);
        var account = options.ReadsAccount ? ResidentAccount.Read(process, options.Limits) : null;
        var status = process.ReadStatus();
        if (!process.IsStillThere())
            throw ProcessAccess.Ended(process);
        constants.Copy(plan, memory, reader);
        memory.MarkMissing(reader.Missing.Concat(constants.Missing));
        return new MemoryCopy
        {
            Memory = memory,
            Regions = plan.Regions(),
            Way = CopyWay.Running,
            Pause = TimeSpan.Zero,
            Stops = 0,
            Threads = process.ReadThreads().Count,
            WasSuitableInstant = true,
            CopiedBytes = copied,
            Status = status,
            Account = account,
        };
    }

    /// <summary>1, 2, 4 … 16 ms: a collection of the youngest generation lasts less than the first.</summary>
    private static TimeSpan BreakAfter(int stops) =>
        TimeSpan.FromMilliseconds(Math.Min(LongestBreak.TotalMilliseconds, 1 << Math.Min(stops - 1, 10)));

    /// <summary>What is done while the target stands still.</summary>
    private sealed class CopiedInstant(TargetProcess process, PageMap pageMap, BulkReader reader, CopyOptions options)
    {
        /// <summary>Null until an instant was copied.</summary>
        public CopyPlan? Plan { get; private set; }

        public bool IsSuitable { get; private set; }

        public ulong CopiedBytes { get; private set; }

        public ProcStatus? Status { get; private set; }

        public ResidentAccount? Account { get; private set; }

        public void Take(bool isLast)
        {
            IsSuitable = options.IsSuitableInstant?.Invoke(process.Memory) ?? true;
            if (!IsSuitable && !isLast)
                return;
            var plan = CopyPlan.Look(process, pageMap, options.Limits);
            CopiedBytes = reader.Read(plan.ChangingRuns);
            Status = process.ReadStatus();
            Account = options.ReadsAccount ? ResidentAccount.Read(process, options.Limits) : null;
            Plan = plan;
        }
    }
}
