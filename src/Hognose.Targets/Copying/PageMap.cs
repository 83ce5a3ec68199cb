using Hognose.Targets.Native;
using Hognose.Targets.Processes;

namespace Hognose.Targets.Copying;

/// <summary>
/// Which pages of a process hold something (present or swapped out). Reading an absent page of anonymous memory would make the kernel map
/// the zero page in the target, so only these are read. One PAGEMAP_SCAN call answers for the whole address space and skips holes of any
/// size (Linux 6.7); before it, <c>/proc/PID/pagemap</c> has one 8-byte entry a page (Documentation/admin-guide/mm/pagemap.rst). Guard pages
/// (MADV_GUARD_INSTALL, under each stack of a thread since glibc 2.42) look swapped out, hold nothing and cannot be read; Linux 6.15 tells them apart.
/// </summary>
internal sealed unsafe class PageMap : IDisposable
{
    public const ulong PageSize = 4096;

    private const ulong EntryPresentOrSwapped = 3UL << 62;
    private const ulong EntryGuard = 1UL << 58;
    private const int EntriesPerRead = 1 << 16;
    private const int RegionsPerScan = 1 << 13;
    private const nuint ScanRequest = 0xC0606610;
    private const ulong CategoryPresentOrSwapped = (1 << 3) | (1 << 4);
    private const ulong CategoryGuard = 1 << 8;

    private readonly int _descriptor;
    private readonly Region[] _regions = new Region[RegionsPerScan];

    /// <summary>0 once the kernel has refused a category that it does not know.</summary>
    private ulong _excluded = CategoryGuard;

    private readonly ulong[] _entries = new ulong[EntriesPerRead];

    private PageMap(int descriptor) => _descriptor = descriptor;

    /// <summary>Set by a test to take the road of older kernels.</summary>
    public bool UseEntriesOnly { get; init; }

    public static PageMap Open(TargetProcess process, bool useEntriesOnly = false)
    {
        var descriptor = ProcFile.Open($"/proc/{process.Id}/pagemap", LibC.OpenReadOnly, out var errno);
        return descriptor >= 0
            ? new PageMap(descriptor) { UseEntriesOnly = useEntriesOnly }
            : throw ProcessAccess.Unreadable(process, process.ReadStatus(), errno);
    }

    /// <summary>Present or swapped pages of <paramref name="mappings"/>, ascending, split at the ends of mappings.</summary>
    public List<PageRun>[] Find(IReadOnlyList<Mapping> mappings)
    {
        var runs = new List<PageRun>[mappings.Count];
        if (UseEntriesOnly || !TryScan(mappings, runs))
            for (var i = 0; i < mappings.Count; i++)
                runs[i] = ReadEntries(mappings[i]);
        return runs;
    }

    public void Dispose() => _ = LibC.close(_descriptor);

    private bool TryScan(IReadOnlyList<Mapping> mappings, List<PageRun>[] runs)
    {
        for (var i = 0; i < runs.Length; i++)
            runs[i] = [];
        var position = mappings.Count == 0 ? 0 : mappings[0].Low.Value;
        var end = mappings.Count == 0 ? 0 : mappings[^1].High.Value;
        var at = 0;
        fixed (Region* regions = _regions)
        {
            while (position < end)
            {
                var request = new ScanArgument
                {
                    Size = (ulong)sizeof(ScanArgument),
                    Start = position,
                    End = end,
                    Vector = (ulong)regions,
                    VectorLength = RegionsPerScan,
                    CategoryInverted = _excluded,
                    CategoryMask = _excluded,
                    CategoryAnyOfMask = CategoryPresentOrSwapped,
                };
                var count = LibC.ioctl(_descriptor, ScanRequest, &request);
                if (count < 0 && Errno.Last == Errno.Interrupted)
                    continue;
                if (count < 0 && Errno.Last == Errno.InvalidArgument && _excluded != 0)
                {
                    _excluded = 0;
                    continue;
                }
                if (count < 0)
                    return false;
                for (var i = 0; i < count; i++)
                    Distribute(regions[i], mappings, runs, ref at);
                if (request.WalkEnd <= position)
                    return false;
                position = request.WalkEnd;
            }
        }
        return true;
    }

    private static void Distribute(Region region, IReadOnlyList<Mapping> mappings, List<PageRun>[] runs, ref int at)
    {
        while (at < mappings.Count && mappings[at].High.Value <= region.Start)
            at++;
        for (var i = at; i < mappings.Count && mappings[i].Low.Value < region.End; i++)
            Append(runs[i], Math.Max(region.Start, mappings[i].Low.Value), Math.Min(region.End, mappings[i].High.Value));
    }

    private List<PageRun> ReadEntries(Mapping mapping)
    {
        var runs = new List<PageRun>();
        var page = mapping.Low.Value / PageSize;
        var end = mapping.High.Value / PageSize;
        while (page < end)
        {
            nint got;
            fixed (ulong* entries = _entries)
                got = LibC.pread(_descriptor, (byte*)entries, (nuint)(Math.Min(EntriesPerRead, end - page) * 8), (long)(page * 8)) / 8;
            if (got <= 0)
                break;
            for (var i = 0; i < got; i++)
                if ((_entries[i] & EntryPresentOrSwapped) != 0 && (_entries[i] & EntryGuard) == 0)
                    Append(runs, (page + (ulong)i) * PageSize, (page + (ulong)i + 1) * PageSize);
            page += (ulong)got;
        }
        return runs;
    }

    private static void Append(List<PageRun> runs, ulong low, ulong high)
    {
        if (runs.Count > 0 && runs[^1].High == low)
            runs[^1] = new PageRun(runs[^1].Low, high);
        else
            runs.Add(new PageRun(low, high));
    }

    private struct Region
    {
        public ulong Start;
        public ulong End;
        public ulong Categories;
    }

    /// <summary><c>struct pm_scan_arg</c>, 96 bytes.</summary>
    private struct ScanArgument
    {
        public ulong Size;
        public ulong Flags;
        public ulong Start;
        public ulong End;
        public ulong WalkEnd;
        public ulong Vector;
        public ulong VectorLength;
        public ulong MaximalPages;
        public ulong CategoryInverted;
        public ulong CategoryMask;
        public ulong CategoryAnyOfMask;
        public ulong ReturnMask;
    }
}
