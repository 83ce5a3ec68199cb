using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.Targets.Cores;

/// <summary>
/// What a core tells instead of <c>smaps</c>: the bytes of each mapping that were dumped. Pages of files that nobody wrote to, memory shared with others
/// and what was swapped out are not told apart or not there; memory that never was touched may be, as zeros (gcore).
/// </summary>
internal static class CoreAccount
{
    public static ResidentAccount Of(IReadOnlyList<MemoryRegion> regions, IReadOnlyList<CoreThread> threads) =>
        new([.. regions.Select(EntryOf)], [.. threads.Select(thread => thread.StackPointer)]);

    private static SmapsEntry EntryOf(MemoryRegion region)
    {
        var dumped = (long)region.PresentBytes;
        var anonymous = (region.Access & MappingAccess.Shared) != 0 ? 0 : dumped;
        return new SmapsEntry(region.Low, region.High, region.Path, dumped, dumped, 0, dumped, anonymous, 0);
    }
}
