using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Targets.Copying;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Arenas;

/// <summary>
/// Finds pymalloc's pools by what their headers say, with no symbol and no pointer to the arenas, and the objects in their used blocks.
/// </summary>
internal sealed unsafe class PoolScan
{
    // A compact str or a datetime without a time zone is allocated smaller than its type's basic size.
    private const int LargestSaving = 32;

    // PYTHONMALLOC=debug puts the size and a mark in front of every block.
    private const uint DebugPrefix = 16;

    private readonly WalkContext _context;
    private readonly TypeCatalog _catalog;
    private readonly ObjectStarts _starts;
    private readonly ReferenceCounts _counts;
    private readonly PoolHeaders _headers;
    private readonly int _type;
    private uint _prefix;

    public PoolScan(WalkContext context, TypeCatalog catalog, ObjectStarts starts, ReaderSet readers)
    {
        _context = context;
        _catalog = catalog;
        _starts = starts;
        _counts = readers.ReferenceCounts;
        _headers = new PoolHeaders(context, readers.PoolSize);
        _type = context.Layout.PyObject.ob_type;
    }

    /// <summary>Pools with at least one used block.</summary>
    public long Pools { get; private set; }

    /// <summary>Blocks in use, as <c>sys.getallocatedblocks</c> counts them for pymalloc's part.</summary>
    public long UsedBlocks { get; private set; }

    public long UsedBytes { get; private set; }

    /// <summary>Objects found in used blocks.</summary>
    public long Objects { get; private set; }

    /// <summary>Runs of pools, ascending: where a pointer can lead into a pool.</summary>
    public List<(ulong Low, ulong High)> Spans { get; } = [];

    public void Scan(CancellationToken cancellation)
    {
        ScanAll(cancellation);
        if (Objects * 20 >= UsedBlocks)
            return;
        // Hardly a block begins with an object: the debug allocator's mark stands in front of each.
        _prefix = DebugPrefix;
        Pools = UsedBlocks = UsedBytes = Objects = 0;
        Spans.Clear();
        ScanAll(cancellation);
    }

    private void ScanAll(CancellationToken cancellation)
    {
        // A pool's header was written, what is behind it perhaps not. Mappings of terabytes that were never touched cost nothing.
        foreach (var region in _context.Regions.Where(region => region.IsCopied && (region.Access & MappingAccess.Write) != 0))
            foreach (var run in region.Present)
            {
                cancellation.ThrowIfCancellationRequested();
                ScanRun(run);
            }
    }

    private void ScanRun(PageRun run)
    {
        var size = _headers.PoolSize;
        var free = stackalloc ulong[PoolHeaders.FreeWords];
        for (var pool = (run.Low + size - 1) & ~(ulong)(size - 1); pool < run.High; pool += size)
            if (_headers.TryRead(pool, free, out var shape))
                ReadBlocks(pool, shape, free);
    }

    private void ReadBlocks(ulong pool, in PoolShape shape, ulong* free)
    {
        var at = _context.Memory.Translate(pool, _headers.PoolSize);
        Pools++;
        if (Spans.Count > 0 && Spans[^1].High == pool)
            Spans[^1] = (Spans[^1].Low, pool + _headers.PoolSize);
        else
            Spans.Add((pool, pool + _headers.PoolSize));
        var offset = _headers.HeaderSize;
        for (uint i = 0; i < shape.Carved; i++, offset += shape.BlockSize)
        {
            if (PoolHeaders.IsFree(free, i))
                continue;
            UsedBlocks++;
            UsedBytes += shape.BlockSize;
            if (TryObject(at + offset + _prefix, pool + offset + _prefix, shape.BlockSize - _prefix))
                Objects++;
        }
    }

    /// <summary>An object starts behind its pre-header, whose size its type tells: both must agree.</summary>
    private bool TryObject(byte* block, ulong address, uint size)
    {
        for (uint before = 0; before <= 32 && before + 16 <= size; before += 16)
        {
            var word = *(ulong*)(block + before + _type);
            if (word < 4096 || !_counts.IsSane(*(ulong*)(block + before)))
                continue;
            if (_catalog.Find(word) is { } type && type.PreHeader == before && type.BasicSize + before <= size + LargestSaving)
                return IsNoPointer(*(ulong*)(block + before)) && _starts.TryMark(address + before) | true;
        }
        return false;
    }

    // In an executable that is not position-independent the heap lies low: a pointer looks like a count.
    private bool IsNoPointer(ulong word) => word < 0x400000 || !_context.IsCopied(word & 0xffffffff, 8) || _counts.IsImmortal(word);
}
