using Hognose.Heap.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;
using Hognose.Targets.Resident;

namespace Hognose.CPython.Resident;

/// <summary>Gives what is left of each mapping to what the mapping is, so that its parts are the kernel's count.</summary>
internal sealed class MappingLedger
{
    private readonly IReadOnlyList<MemoryRegion> _regions;
    private readonly ResidentAccount _account;
    private readonly IReadOnlyDictionary<ulong, string> _sharedOwners;

    /// <param name="regions">Mappings of the copy.</param>
    /// <param name="account">The kernel's.</param>
    /// <param name="sharedOwners">By where shared memory begins, the type of the object that maps it.</param>
    public MappingLedger(IReadOnlyList<MemoryRegion> regions, ResidentAccount account, IReadOnlyDictionary<ulong, string> sharedOwners)
    {
        _regions = regions;
        _account = account;
        _sharedOwners = sharedOwners;
    }

    /// <summary>Bytes that had to be fitted.</summary>
    public long Settle(ResidentPainter painter, IReadOnlyList<ResidentKind> leastUsed)
    {
        var entries = _account.Mappings.ToDictionary(entry => entry.Low.Value);
        var adjusted = 0L;
        for (var i = 0; i < _regions.Count; i++)
        {
            if (!entries.TryGetValue(_regions[i].Low.Value, out var entry))
                continue;
            var (kind, name) = KindOf(_regions[i]);
            AddRest(painter, i, kind, name, (long)_regions[i].PresentBytes - painter.PaintedOf(i), entry);
            var surplus = painter.PaintedOf(i) - entry.Resident;
            if (surplus > 0)
                painter.Take(i, surplus, leastUsed);
            else if (surplus < 0)
                painter.Add(i, kind, name, -surplus, 0);
            adjusted += Math.Abs(surplus);
        }
        return adjusted;
    }

    public static List<ResidentMapping> Sum(ResidentAccount account) =>
        [.. account.Mappings.GroupBy(entry => entry.Path, StringComparer.Ordinal)
            .Select(group => new ResidentMapping(
                group.Key, group.Count(), group.Sum(entry => entry.Resident), group.Sum(entry => entry.Proportional), group.Sum(entry => entry.Shared),
                group.Sum(entry => entry.Private), group.Sum(entry => entry.Anonymous), group.Sum(entry => entry.Swapped)))
            .OrderByDescending(mapping => mapping.Resident).ThenBy(mapping => mapping.Path, StringComparer.Ordinal)];

    /// <summary>Of a file's pages, those that were written are copies of the process's own.</summary>
    private static void AddRest(ResidentPainter painter, int region, ResidentKind kind, string name, long rest, in SmapsEntry entry)
    {
        if (kind != ResidentKind.Code)
        {
            if (rest > 0)
                painter.Add(region, kind, name, rest, 1);
            return;
        }
        var written = Math.Min(rest, entry.Anonymous);
        if (written > 0)
            painter.Add(region, ResidentKind.Variables, name, written, 1);
        if (rest > written)
            painter.Add(region, ResidentKind.Code, name, rest - written, 1);
    }

    private (ResidentKind Kind, string Name) KindOf(in MemoryRegion region)
    {
        var low = region.Low.Value;
        var high = region.High.Value;
        if (region.Kind == RegionKind.Stack || _account.StackPointers.Any(pointer => low <= pointer && pointer < high))
            return (ResidentKind.Stacks, "");
        if (region.IsImage)
            return region.Path.Length > 0 ? (ResidentKind.Code, region.Path) : (ResidentKind.Variables, ImageBefore(low));
        return region.Kind switch
        {
            RegionKind.File => (region.Access & MappingAccess.Execute) != 0 ? (ResidentKind.Code, region.Path) : (ResidentKind.Files, region.Path),
            RegionKind.Shared => _sharedOwners.TryGetValue(low, out var owner) ? (ResidentKind.SharedOfObjects, owner) : (ResidentKind.Shared, region.Path),
            RegionKind.Heap => (ResidentKind.Other, "[heap]"),
            RegionKind.Special when region.Path.StartsWith('[') => (ResidentKind.Kernel, ""),
            _ => (ResidentKind.Other, region.Path),
        };
    }

    private string ImageBefore(ulong address)
    {
        var path = "";
        foreach (var region in _regions)
        {
            if (region.Low.Value >= address)
                break;
            if (region.IsImage && region.Path.Length > 0)
                path = region.Path;
        }
        return path;
    }
}
