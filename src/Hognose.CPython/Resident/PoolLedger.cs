using Hognose.CPython.Arenas;
using Hognose.CPython.Walk;
using Hognose.Heap.Resident;

namespace Hognose.CPython.Resident;

/// <summary>Goes over the pools of every arena: which blocks are in use, and pymalloc's own account (Objects/obmalloc.c, _PyObject_DebugMallocStats).</summary>
internal sealed unsafe class PoolLedger(WalkContext context, PoolHeaders headers, IReadOnlyList<Arena> arenas)
{
    /// <summary>Adds the used blocks of one arena.</summary>
    public void AddBlocks(in Arena arena, BlockMap blocks)
    {
        var free = stackalloc ulong[PoolHeaders.FreeWords];
        for (var pool = FirstPool(arena); pool + headers.PoolSize <= arena.Frontier; pool += headers.PoolSize)
        {
            if (!headers.TryRead(pool, free, out var shape))
                continue;
            var at = pool + headers.HeaderSize;
            for (uint i = 0; i < shape.Carved; i++, at += shape.BlockSize)
                if (!PoolHeaders.IsFree(free, i))
                    blocks.Add(at, shape.BlockSize);
        }
    }

    /// <summary>Gives everything in the arenas but used blocks to its kind, and sums up.</summary>
    public PoolUse Account(ResidentPainter painter, CancellationToken cancellation)
    {
        var classes = new (long Pools, long Used, long Free)[PoolHeaders.SizeClasses];
        var uses = new List<ArenaUse>();
        long freePools = 0, headerBytes = 0, tails = 0, alignment = 0;
        foreach (var arena in arenas)
        {
            cancellation.ThrowIfCancellationRequested();
            long usedBlocks = 0, usedBytes = 0;
            var first = FirstPool(arena);
            var end = first + (arena.High - first) / headers.PoolSize * headers.PoolSize;
            painter.Paint(arena.Low, first, ResidentKind.PoolHeaders, "", 0);
            painter.Paint(end, arena.High, ResidentKind.PoolHeaders, "", 0);
            alignment += (long)(first - arena.Low + (arena.High - end));
            for (var pool = first; pool < end; pool += headers.PoolSize)
            {
                if (pool + headers.PoolSize > arena.Frontier || !TryAccount(pool, painter, out var shape))
                {
                    painter.Paint(pool, pool + headers.PoolSize, ResidentKind.FreePools, "", 1);
                    freePools++;
                    continue;
                }
                var capacity = (headers.PoolSize - headers.HeaderSize) / shape.BlockSize;
                ref var each = ref classes[shape.Class];
                each = (each.Pools + 1, each.Used + shape.Used, each.Free + capacity - shape.Used);
                headerBytes += headers.HeaderSize;
                tails += headers.PoolSize - headers.HeaderSize - capacity * shape.BlockSize;
                usedBlocks += shape.Used;
                usedBytes += (long)shape.Used * shape.BlockSize;
            }
            uses.Add(new ArenaUse(arena.Low, arena.High, usedBlocks, usedBytes, painter.ResidentOf(arena.Low, arena.High)));
        }
        var sizeClasses = classes.Select((each, i) => new SizeClassUse((i + 1) * 16, each.Pools, each.Used, each.Free)).Where(each => each.Pools > 0);
        return new PoolUse(uses, [.. sizeClasses], (int)headers.PoolSize, freePools, headerBytes, tails, alignment);
    }

    private ulong FirstPool(in Arena arena) => (arena.Low + headers.PoolSize - 1) & ~(ulong)(headers.PoolSize - 1);

    private bool TryAccount(ulong pool, ResidentPainter painter, out PoolShape shape)
    {
        var free = stackalloc ulong[PoolHeaders.FreeWords];
        if (context.Memory.Translate(pool, headers.PoolSize) == null || !headers.TryRead(pool, free, out shape))
        {
            shape = default;
            return false;
        }
        painter.Paint(pool, pool + headers.HeaderSize, ResidentKind.PoolHeaders, "", 1);
        var at = pool + headers.HeaderSize;
        // Neighbouring free blocks are given in one go.
        for (uint i = 0, run = 0; i <= shape.Carved; i++)
        {
            if (i < shape.Carved && PoolHeaders.IsFree(free, i))
            {
                run++;
                continue;
            }
            if (run > 0)
                painter.Paint(at + (i - run) * shape.BlockSize, at + i * shape.BlockSize, ResidentKind.FreeBlocks, "", run);
            run = 0;
        }
        var capacity = (headers.PoolSize - headers.HeaderSize) / shape.BlockSize;
        painter.Paint(at + shape.Carved * shape.BlockSize, at + capacity * shape.BlockSize, ResidentKind.FreeBlocks, "", capacity - shape.Carved);
        painter.Paint(at + capacity * shape.BlockSize, pool + headers.PoolSize, ResidentKind.PoolHeaders, "", 0);
        return true;
    }
}
