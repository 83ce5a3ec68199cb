using Hognose.CPython.Types;
using Hognose.CPython.Walk;
using Hognose.Targets.Processes;

namespace Hognose.CPython.Arenas;

/// <summary>
/// Finds pymalloc's pools by what their headers say, with no symbol and no pointer to the arenas, and the objects in their used blocks.
/// A pool is as aligned as it is big; its header names a size class, and the offsets that follow from it (Objects/obmalloc.c).
/// </summary>
internal sealed unsafe class PoolScan
{
    private const int SizeClasses = 32;
    private const int Alignment = 16;
    private const int LargestBlocks = 1024;

    // A compact str or a datetime without a time zone is allocated smaller than its type's basic size.
    private const int LargestSaving = 32;

    // PYTHONMALLOC=debug puts the size and a mark in front of every block.
    private const uint DebugPrefix = 16;

    private readonly WalkContext _context;
    private readonly TypeCatalog _catalog;
    private readonly ObjectStarts _starts;
    private readonly IReferenceCounts _counts;
    private readonly uint _poolSize;
    private readonly int _header;
    private readonly int _count;
    private readonly int _free;
    private readonly int _class;
    private readonly int _nextOffset;
    private readonly int _maxNextOffset;
    private readonly int _type;
    private uint _prefix;

    public PoolScan(WalkContext context, TypeCatalog catalog, ObjectStarts starts, ReaderSet readers)
    {
        _context = context;
        _catalog = catalog;
        _starts = starts;
        _counts = readers.ReferenceCounts;
        _poolSize = (uint)readers.PoolSize;
        var layout = context.Layout.PoolHeader;
        _header = (layout.Size + Alignment - 1) & ~(Alignment - 1);
        _count = layout.ref_count;
        _free = layout.freeblock;
        _class = layout.szidx;
        _nextOffset = layout.nextoffset;
        _maxNextOffset = layout.maxnextoffset;
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
                for (var pool = (run.Low + _poolSize - 1) & ~(ulong)(_poolSize - 1); pool < run.High; pool += _poolSize)
                    ScanPool(pool);
            }
    }

    private void ScanPool(ulong pool)
    {
        var at = _context.Memory.Translate(pool, _poolSize);
        if (at == null)
            return;
        var used = *(uint*)(at + _count);
        var sizeClass = *(uint*)(at + _class);
        if (used == 0 || sizeClass >= SizeClasses)
            return;
        var size = (sizeClass + 1) * Alignment;
        var next = *(uint*)(at + _nextOffset);
        var carved = (next - (uint)_header) / size;
        if (*(uint*)(at + _maxNextOffset) != _poolSize - size || next < _header || next > _poolSize
            || (next - (uint)_header) % size != 0 || used > carved || carved > LargestBlocks)
            return;
        var free = stackalloc ulong[LargestBlocks / 64];
        if (TryMarkFree(at, pool, size, carved, used, free))
            ReadBlocks(at, pool, size, carved, free);
    }

    /// <summary>The chain of free blocks must fit the count of used ones exactly: a header by accident does not.</summary>
    private bool TryMarkFree(byte* at, ulong pool, uint size, uint carved, uint used, ulong* free)
    {
        for (var i = 0; i < LargestBlocks / 64; i++)
            free[i] = 0;
        var left = carved - used;
        for (var block = *(ulong*)(at + _free); block != 0; block = *(ulong*)(at + (block - pool)))
        {
            var offset = block - pool - (uint)_header;
            if (left-- == 0 || offset % size != 0 || offset / size >= carved)
                return false;
            free[offset / size >> 6] |= 1ul << (int)(offset / size & 63);
        }
        return left == 0;
    }

    private void ReadBlocks(byte* at, ulong pool, uint size, uint carved, ulong* free)
    {
        Pools++;
        if (Spans.Count > 0 && Spans[^1].High == pool)
            Spans[^1] = (Spans[^1].Low, pool + _poolSize);
        else
            Spans.Add((pool, pool + _poolSize));
        var offset = (uint)_header;
        for (uint i = 0; i < carved; i++, offset += size)
        {
            if ((free[i >> 6] >> (int)(i & 63) & 1) != 0)
                continue;
            UsedBlocks++;
            UsedBytes += size;
            if (TryObject(at + offset + _prefix, pool + offset + _prefix, size - _prefix))
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
