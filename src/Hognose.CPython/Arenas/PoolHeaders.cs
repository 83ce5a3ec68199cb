using Hognose.CPython.Walk;

namespace Hognose.CPython.Arenas;

/// <summary>What a pool's header says. Sizes are bytes.</summary>
/// <param name="Class">Index of the size class: blocks of 16, 32 … 512 bytes.</param>
/// <param name="Used">Blocks in use.</param>
/// <param name="Carved">Blocks that were in use once; those behind them never were.</param>
/// <param name="Arena">Index of its arena in pymalloc's table.</param>
internal readonly record struct PoolShape(uint Class, uint BlockSize, uint Used, uint Carved, uint Arena);

/// <summary>
/// Reads headers of pools and the chains of their free blocks (Objects/obmalloc.c). A pool is as aligned as it is big; its header names a size class, and
/// the offsets that follow from it must agree: what looks like a header by accident does not.
/// </summary>
internal sealed unsafe class PoolHeaders
{
    public const int SizeClasses = 32;

    /// <summary>Words of the bitmap of free blocks.</summary>
    public const int FreeWords = LargestBlocks / 64;

    private const int LargestBlocks = 1024;
    private const int Alignment = 16;

    private readonly WalkContext _context;
    private readonly int _count;
    private readonly int _free;
    private readonly int _class;
    private readonly int _arena;
    private readonly int _nextOffset;
    private readonly int _maxNextOffset;

    public PoolHeaders(WalkContext context, int poolSize)
    {
        _context = context;
        PoolSize = (uint)poolSize;
        var layout = context.Layout.PoolHeader;
        HeaderSize = (uint)((layout.Size + Alignment - 1) & ~(Alignment - 1));
        _count = layout.ref_count;
        _free = layout.freeblock;
        _class = layout.szidx;
        _arena = layout.arenaindex;
        _nextOffset = layout.nextoffset;
        _maxNextOffset = layout.maxnextoffset;
    }

    public uint PoolSize { get; }

    public uint HeaderSize { get; }

    /// <summary>A pool with at least one used block; <paramref name="free"/> gets a bit for each carved block that is free.</summary>
    public bool TryRead(ulong pool, ulong* free, out PoolShape shape)
    {
        shape = default;
        var at = _context.Memory.Translate(pool, PoolSize);
        if (at == null)
            return false;
        var used = *(uint*)(at + _count);
        var sizeClass = *(uint*)(at + _class);
        if (used == 0 || sizeClass >= SizeClasses)
            return false;
        var size = (sizeClass + 1) * Alignment;
        var next = *(uint*)(at + _nextOffset);
        var carved = (next - HeaderSize) / size;
        if (*(uint*)(at + _maxNextOffset) != PoolSize - size || next < HeaderSize || next > PoolSize
            || (next - HeaderSize) % size != 0 || used > carved || carved > LargestBlocks)
            return false;
        shape = new PoolShape(sizeClass, size, used, carved, *(uint*)(at + _arena));
        return TryMarkFree(at, pool, shape, free);
    }

    public static bool IsFree(ulong* free, uint block) => (free[block >> 6] >> (int)(block & 63) & 1) != 0;

    /// <summary>The chain of free blocks must fit the count of used ones exactly.</summary>
    private bool TryMarkFree(byte* at, ulong pool, in PoolShape shape, ulong* free)
    {
        for (var i = 0; i < FreeWords; i++)
            free[i] = 0;
        var left = shape.Carved - shape.Used;
        for (var block = *(ulong*)(at + _free); block != 0; block = *(ulong*)(at + (block - pool)))
        {
            var offset = block - pool - HeaderSize;
            if (left-- == 0 || offset % shape.BlockSize != 0 || offset / shape.BlockSize >= shape.Carved)
                return false;
            free[offset / shape.BlockSize >> 6] |= 1ul << (int)(offset / shape.BlockSize & 63);
        }
        return left == 0;
    }
}
