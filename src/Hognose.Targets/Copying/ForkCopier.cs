using Hognose.Targets.Freezing;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>Copies from a frozen child while the target goes on.</summary>
internal static class ForkCopier
{
    /// <summary>While the child lives, every page that the target writes is there twice; all of them, at worst.</summary>
    private const double MemoryNeeded = 2.5;

    /// <summary>Null, with the reason, when the target could not be forked; it then goes on as before.</summary>
    public static MemoryCopy? TryCopy(
        FrozenMemory memory, TargetProcess process, CopyPlan look, CopyOptions options, CancellationToken cancellation, out string reason)
    {
        reason = "memory is too short for what the process writes meanwhile";
        if (PageRun.TotalLength(look.ChangingRuns) * MemoryNeeded > AvailableMemory.Now)
            return null;
        MemoryCopy copy;
        FrozenFork? fork;
        using var signals = new HeldSignals(cancellation);
        using (fork = FrozenFork.TryTake(process, look.Mappings, options, signals.Token, out reason))
        {
            if (fork is null || fork.Child is not { } child)
                return null;
            using var pageMap = PageMap.Open(child);
            var plan = CopyPlan.Look(child, pageMap, options.Limits);
            if (!HoldsAll(plan.Mappings, fork.Mappings))
            {
                reason = "it keeps memory from its children (MADV_DONTFORK)";
                return null;
            }
            copy = Copy(memory, child, plan, fork, signals.Token);
        }
        signals.Token.ThrowIfCancellationRequested();
        copy.LeftZombie = !fork.IsBuried;
        return copy;
    }

    private static MemoryCopy Copy(FrozenMemory memory, TargetProcess child, CopyPlan plan, FrozenFork fork, CancellationToken cancellation)
    {
        using var constants = new ConstantParts(child, plan);
        using var reader = new BulkReader(child, memory, cancellation, isFork: true);
        var copied = reader.Read(plan.ChangingRuns);
        constants.Copy(plan, memory, reader);
        memory.MarkMissing(reader.Missing.Concat(constants.Missing));
        return new MemoryCopy
        {
            Memory = memory,
            Regions = plan.Regions(),
            Way = CopyWay.Fork,
            Pause = fork.Pause,
            Stops = fork.Stops,
            Threads = fork.Threads,
            WasSuitableInstant = fork.WasSuitableInstant,
            CopiedBytes = copied,
            Status = fork.Status!,
            Account = fork.Account,
        };
    }

    private static bool HoldsAll(IReadOnlyList<Mapping> child, IReadOnlyList<Mapping> target)
    {
        var there = child.Select(mapping => (mapping.Low, mapping.High)).ToHashSet();
        return target.Where(CopyPlan.IsChanging).All(mapping => mapping.High.Value > CopyPlan.EndOfUserSpace || there.Contains((mapping.Low, mapping.High)));
    }
}
