using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// pymalloc's map. Entries with a leading byte: 1 its totals (size of a pool, free pools, bytes of headers, tails, alignment), 2 a size class (size of a
/// block, pools, used blocks, free blocks), 3 an arena (distance from the end of the one before, length, used blocks, used bytes, resident bytes).
/// </summary>
internal static class PoolsPayload
{
    private const byte Totals = 1;
    private const byte Class = 2;
    private const byte Arena = 3;

    public static void Write(BlockBuilder blocks, HeapFileResident resident)
    {
        var totals = resident.Pools;
        blocks.Begin(BlockType.Pools);
        Write(blocks, Totals, totals.PoolSize, totals.FreePools, totals.HeaderBytes, totals.TailBytes, totals.AlignmentBytes);
        foreach (var each in resident.Classes)
            Write(blocks, Class, each.BlockSize, each.Pools, each.UsedBlocks, each.FreeBlocks);
        var last = 0UL;
        foreach (var arena in resident.Arenas)
        {
            Write(blocks, Arena, checked((long)(arena.Low - last)), checked((long)arena.Length), arena.UsedBlocks, arena.UsedBytes, arena.Resident);
            last = arena.Low + arena.Length;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, OptionalBlocks heap)
    {
        while (!payload.IsAtEnd)
        {
            var kind = payload.Byte();
            if (kind == Totals)
                heap.Pools = new HeapFilePoolTotals(payload.Int32(), payload.Count(), payload.Count(), payload.Count(), payload.Count());
            else if (kind == Class && heap.Classes.Count < HeapFormat.MaximumEntries)
                heap.Classes.Add(new HeapFileSizeClass(payload.Int32(), payload.Count(), payload.Count(), payload.Count()));
            else if (kind == Arena && heap.Arenas.Count < HeapFormat.MaximumEntries)
                heap.Arenas.Add(ReadArena(ref payload, heap.Arenas.Count > 0 ? heap.Arenas[^1].Low + heap.Arenas[^1].Length : 0));
            else
                throw new MalformedPayloadException("holds a part of pymalloc that cannot be");
        }
    }

    private static HeapFileArena ReadArena(ref PayloadReader payload, ulong last)
    {
        var (distance, length) = (payload.Number(), payload.Number());
        if (distance > long.MaxValue - last || length > long.MaxValue - last - distance)
            throw new MalformedPayloadException("holds arenas out of order");
        return new HeapFileArena(last + distance, length, payload.Count(), payload.Count(), payload.Count());
    }

    private static void Write(BlockBuilder blocks, byte kind, params ReadOnlySpan<long> numbers)
    {
        blocks.Payload.Byte(kind);
        foreach (var number in numbers)
            blocks.Payload.Count(number);
        blocks.EntryDone();
    }
}
