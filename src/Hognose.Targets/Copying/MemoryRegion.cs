using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

public enum RegionKind
{
    /// <summary>The break area that malloc grows first (<c>[heap]</c>).</summary>
    Heap,
    Anonymous,
    File,
    Stack,

    /// <summary>Shared with other processes; not copied.</summary>
    Shared,

    /// <summary>The kernel's own ([vdso], [vvar]) and what may not be read; not copied.</summary>
    Special,
}

/// <summary>One mapping at the instant of the copy.</summary>
/// <param name="Present">Pages in memory or swapped out, ascending; the rest was never touched (or, of a file, is as on disk).</param>
/// <param name="IsImage">Part of an executable or library, .bss included.</param>
/// <param name="IsCopied">Its present bytes are in the copy, but for what is listed as missing.</param>
public readonly record struct MemoryRegion(
    TargetAddress Low,
    TargetAddress High,
    RegionKind Kind,
    MappingAccess Access,
    string Path,
    IReadOnlyList<PageRun> Present,
    bool IsImage,
    bool IsCopied)
{
    public ulong Length => High.Value - Low.Value;

    public ulong PresentBytes => PageRun.TotalLength(Present);
}

/// <summary>The mappings of a copied process, ascending.</summary>
public sealed class RegionList(IReadOnlyList<MemoryRegion> regions)
{
    public IReadOnlyList<MemoryRegion> Regions => regions;

    public bool TryFind(TargetAddress address, out MemoryRegion region)
    {
        var low = 0;
        var high = regions.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (regions[middle].High <= address)
                low = middle + 1;
            else
                high = middle;
        }
        var found = low < regions.Count && regions[low].Low <= address;
        region = found ? regions[low] : default;
        return found;
    }
}
