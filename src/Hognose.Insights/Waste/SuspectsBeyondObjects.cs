using Hognose.Heap.Resident;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Hognose.Insights.Resident;

namespace Hognose.Insights.Waste;

/// <summary>Which memory is no Python objects', and whose is it as far as that is known?</summary>
internal static class SuspectsBeyondObjects
{
    /// <summary>What sizes leave out (values within instances, free blocks of partly used arenas) can be as much as objects are.</summary>
    private const double MostUnexplained = 0.5;

    private const long FewestUnexplained = 32L << 20;

    public static IEnumerable<SuspectFinding> In(HeldHeap heap, ProcessMemory memory, PathWords words, Func<ResidentMemory?> resident)
    {
        var own = memory.Anonymous + memory.Swapped + memory.Shared;
        var sizes = heap.Graph.Sizes.Sum();
        // Of a core nothing but the account of what was dumped is known.
        var account = memory.Resident == 0 || IsLarge(own - sizes, own) ? resident() : null;
        if (account is not null && memory.Resident == 0)
            own = account.Own;
        var unexplained = own - sizes;
        foreach (var (suspect, bytes) in account is null ? [] : Known(heap, account, words))
        {
            unexplained -= bytes;
            if (IsLarge(bytes, own))
                yield return new SuspectFinding(suspect with { Share = (double)bytes / own }, []);
        }
        if (unexplained >= FewestUnexplained && unexplained >= MostUnexplained * own)
            yield return new SuspectFinding(new Suspect(SuspectKind.BeyondObjects, unexplained, (double)unexplained / own), []);
    }

    /// <summary>As <c>rss</c> has it.</summary>
    private static bool IsLarge(long bytes, long own) => bytes >= Verdict.LeastBytes && bytes >= Verdict.LeastShare * own;

    private static IEnumerable<(Suspect Suspect, long Bytes)> Known(HeldHeap heap, ResidentMemory account, PathWords words)
    {
        foreach (var owned in OwnedMemory.Of(account, heap, words, Verdict.LeastBytes))
            yield return (new Suspect(SuspectKind.OwnedMemory, owned.Bytes, 0, owned.Type, owned.Objects, owned.Example, owned.HeldBy) { IsMapped = owned.IsMapped }, owned.Bytes);
        var shared = account.Of(ResidentKind.Shared);
        yield return (new Suspect(SuspectKind.SharedMemory, shared, 0), shared);
    }
}
