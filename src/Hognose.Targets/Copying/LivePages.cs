using Hognose.Diagnostics;
using Hognose.Targets.Memory;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>
/// Pages of a process that runs on, copied when they are asked for: for the few objects that somebody wants to know now. Two pages need not be of one
/// instant, so whoever reads them must expect anything there, and must find a sign that what was read belongs together. What was never asked for reads as zero.
/// </summary>
public sealed class LivePages : IDisposable
{
    private const ulong PageSize = 4096;
    private readonly TargetProcess _process;
    private readonly HashSet<ulong> _asked = [];
    private readonly byte[] _page = new byte[PageSize];
    private readonly long _mostPages;

    /// <param name="process">That runs.</param>
    /// <param name="limits">On its mappings.</param>
    /// <param name="mostBytes">More than this is not copied, whatever is asked for.</param>
    /// <exception cref="CannotContinueException">It has ended, or its mappings may not be read.</exception>
    public LivePages(TargetProcess process, Limits limits, long mostBytes)
    {
        _process = process;
        _mostPages = mostBytes / (long)PageSize;
        Regions = [.. process.ReadMappings(limits).Where(mapping => mapping.Has(MappingAccess.Read) && !IsKernels(mapping)).Select(RegionOf)];
        Memory = new FrozenMemory(Regions.Select(region => (region.Low, region.High)));
    }

    public IReadOnlyList<MemoryRegion> Regions { get; }

    public FrozenMemory Memory { get; }

    /// <summary>Copies the pages of a range, each once, as far as they can be read.</summary>
    /// <returns>Whether the first was, or had been.</returns>
    public bool Bring(ulong address, ulong length)
    {
        var first = address & ~(PageSize - 1);
        if (length == 0 || address + length < address)
            return false;
        for (var page = first; page < address + length; page += PageSize)
            if (!BringPage(page))
                return page != first;
        return true;
    }

    public void Dispose() => Memory.Dispose();

    private unsafe bool BringPage(ulong page)
    {
        var place = Memory.Translate(page, PageSize);
        if (place == null)
            return false;
        if (_asked.Contains(page))
            return true;
        if (_asked.Count >= _mostPages || !_process.Memory.TryRead(new TargetAddress(page), _page))
            return false;
        _page.CopyTo(new Span<byte>(place, (int)PageSize));
        return _asked.Add(page);
    }

    /// <summary>[vvar], [vdso], [vsyscall]: no object is there, and the last lies beyond every window.</summary>
    private static bool IsKernels(Mapping mapping) => mapping.Path.StartsWith("[v", StringComparison.Ordinal);

    private static MemoryRegion RegionOf(Mapping mapping) => new(
        mapping.Low, mapping.High, RegionKind.Anonymous, mapping.Access, mapping.Path, [new PageRun(mapping.Low.Value, mapping.High.Value)], IsImage: false, IsCopied: true);
}
