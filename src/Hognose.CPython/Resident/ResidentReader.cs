using Hognose.CPython.Arenas;
using Hognose.CPython.Layouts;
using Hognose.CPython.Versions;
using Hognose.CPython.Walk;
using Hognose.Diagnostics;
using Hognose.Heap;
using Hognose.Heap.Resident;
using Hognose.Targets.Copying;
using Hognose.Targets.Glibc;
using Hognose.Targets.Memory;
using Hognose.Targets.Resident;

namespace Hognose.CPython.Resident;

/// <summary>
/// Explains every resident byte of a copied process: arenas of pymalloc, glibc's heap, blocks by who owns them, stacks, files. The sum is the kernel's, to
/// the byte.
/// </summary>
public static class ResidentReader
{
    /// <summary>From which parts bytes are taken when pages of a mapping turn out not to be in memory: what nobody uses is swapped first.</summary>
    private static readonly ResidentKind[] LeastUsed =
        [ResidentKind.Other, ResidentKind.FreePools, ResidentKind.Top, ResidentKind.FreeChunks, ResidentKind.FreeBlocks, ResidentKind.Stacks, ResidentKind.Code];

    /// <param name="memory">The frozen target.</param>
    /// <param name="regions">Its mappings at that instant.</param>
    /// <param name="account">The kernel's account at that instant.</param>
    /// <param name="runtime">The address of <c>_PyRuntime</c>.</param>
    /// <param name="graph">The objects of that memory.</param>
    /// <param name="layout">Of the target's version.</param>
    /// <param name="version">The target's own.</param>
    /// <param name="limits">Bounds on what is believed.</param>
    /// <param name="diagnostics">Receives what could not be read.</param>
    /// <param name="cancellation">Ends it.</param>
    public static ResidentMemory Read(
        FrozenMemory memory,
        IReadOnlyList<MemoryRegion> regions,
        ResidentAccount account,
        TargetAddress runtime,
        HeapGraph graph,
        CPythonLayout layout,
        PythonVersion version,
        Limits limits,
        DiagnosticBag diagnostics,
        CancellationToken cancellation)
    {
        var context = new WalkContext(memory, regions, layout, version, limits, diagnostics);
        var headers = new PoolHeaders(context, ReaderTable.PoolSizeOf(version));
        var arenas = new ArenaTable(context, headers).Find(runtime, ReaderTable.ArenasOf(version));
        var malloc = MallocWalk.Run(memory, regions, [.. arenas.Select(arena => (arena.Low, arena.High))], cancellation);
        if (malloc.Arenas.Count == 0)
            diagnostics.Add("HG0501", "no arena of glibc's malloc was found");
        var ledger = new PoolLedger(context, headers, arenas);
        var blocks = Blocks(ledger, arenas, malloc);
        var owners = new BlockOwners(memory, layout, graph, blocks);
        owners.Find(regions, runtime.Value, account.StackPointers, cancellation);

        var painter = new ResidentPainter(regions);
        PaintPools(painter, blocks, owners, arenas);
        var pools = ledger.Account(painter, cancellation);
        PaintChunks(painter, malloc, blocks, owners);
        var adjusted = new MappingLedger(regions, account, SharedOwners.Of(memory, regions, layout, graph, cancellation)).Settle(painter, LeastUsed);
        return new ResidentMemory(painter.Parts(), MappingLedger.Sum(account), pools, UseOf(malloc, painter), adjusted);
    }

    /// <summary>The kernel's account by path.</summary>
    public static IReadOnlyList<ResidentMapping> Sum(ResidentAccount account) => MappingLedger.Sum(account);

    private static BlockMap Blocks(PoolLedger ledger, List<Arena> arenas, MallocMap malloc)
    {
        var blocks = new BlockMap();
        var arena = 0;
        foreach (var chunk in malloc.Chunks)
        {
            for (; arena < arenas.Count && arenas[arena].Low < chunk.Address; arena++)
                ledger.AddBlocks(arenas[arena], blocks);
            if (IsBlock(chunk))
                blocks.Add(chunk.Address + MallocChunk.HeaderBytes, UserBytes(chunk));
        }
        for (; arena < arenas.Count; arena++)
            ledger.AddBlocks(arenas[arena], blocks);
        blocks.Complete();
        return blocks;
    }

    private static bool IsBlock(in MallocChunk chunk) => chunk.State is ChunkState.InUse or ChunkState.Mapped;

    /// <summary>A used chunk has the first word of the next one, too, unless it has a mapping of its own; blocks are told apart by 16 bytes.</summary>
    private static ulong UserBytes(in MallocChunk chunk) => chunk.State == ChunkState.Mapped ? chunk.Bytes - MallocChunk.HeaderBytes : chunk.Bytes;

    private static void PaintPools(ResidentPainter painter, BlockMap blocks, BlockOwners owners, List<Arena> arenas)
    {
        var users = new BlockPainter(painter, owners);
        var arena = 0;
        for (var block = 0; block < blocks.Count; block++)
        {
            var start = blocks.StartOf(block);
            while (arena < arenas.Count && arenas[arena].High <= start)
                arena++;
            if (arena < arenas.Count && start >= arenas[arena].Low)
                users.Paint(start, start + blocks.BytesOf(block), blocks.OwnerOf(block));
        }
        users.Flush();
    }

    private static void PaintChunks(ResidentPainter painter, MallocMap malloc, BlockMap blocks, BlockOwners owners)
    {
        var users = new BlockPainter(painter, owners);
        foreach (var chunk in malloc.Chunks)
        {
            if (IsBlock(chunk))
            {
                users.Paint(chunk.Address, chunk.End, blocks.OwnerOf(blocks.Find(chunk.Address + MallocChunk.HeaderBytes)));
                continue;
            }
            users.Flush();
            painter.Paint(chunk.Address, chunk.End, KindOf(chunk.State), "", 1);
        }
        users.Flush();
    }

    private static ResidentKind KindOf(ChunkState state) => state switch
    {
        ChunkState.Free => ResidentKind.FreeChunks,
        ChunkState.Fast or ChunkState.Cached => ResidentKind.CachedChunks,
        ChunkState.Top => ResidentKind.Top,
        _ => ResidentKind.MallocHeads,
    };

    private static MallocUse UseOf(MallocMap malloc, ResidentPainter painter)
    {
        var mapped = malloc.Chunks.Where(chunk => chunk.State == ChunkState.Mapped).ToList();
        return new MallocUse(
            [.. malloc.Arenas.Select(arena => new MallocArenaUse(arena.Address, arena.IsMain, arena.System, arena.Free, arena.Fast, arena.Cached, arena.Top))],
            mapped.Count,
            mapped.Sum(chunk => (long)chunk.Bytes),
            malloc.Trimmable.Sum(range => painter.ResidentOf(range.Low, range.High)));
    }
}
