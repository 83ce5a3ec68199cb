using Hognose.Columns;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap;

/// <summary>Refuses a snapshot whose numbers, added up, are none that can be.</summary>
internal static class HeapTotals
{
    /// <summary>
    /// Of each kind: eight times what the largest address space holds (2^57 bytes), and 36 years in nanoseconds, so that sums of several kinds fit 64 bits, too.
    /// </summary>
    private const long Most = 1L << 60;

    private const string MoreBytes = "holds more bytes";

    /// <exception cref="MalformedPayloadException">They are too large.</exception>
    public static void Check(HeapFile heap)
    {
        Check(heap.Sizes);
        Check(heap.Unused);
        CheckTrouble(heap.Trouble);
        CheckCollectors(heap.Collectors);
        if (heap.Resident is { } resident)
        {
            CheckMappings(resident.Mappings);
            CheckParts(resident);
            CheckMalloc(resident);
            CheckPools(resident);
        }
    }

    private static void Check(NumberColumn bytes)
    {
        var total = new Total(Most, MoreBytes);
        for (var node = 0; node < bytes.Length; node++)
            total.Add(bytes[node]);
    }

    private static void CheckTrouble(IReadOnlyDictionary<string, long> trouble)
    {
        var total = new Total(Most, "tells of more trouble");
        foreach (var count in trouble.Values)
            total.Add(count);
    }

    private static void CheckCollectors(IReadOnlyList<HeapFileCollector> collectors)
    {
        var total = new Total(Most, "tells of more collections");
        foreach (var collector in collectors)
        {
            foreach (var number in (ReadOnlySpan<long>)[collector.Garbage, collector.Frozen, collector.Tracked])
                total.Add(number);
            foreach (var each in collector.Generations)
                foreach (var number in (ReadOnlySpan<long>)[each.Objects, each.Collections, each.Collected, each.Uncollectable, each.Nanoseconds, each.Candidates])
                    total.Add(number);
        }
    }

    private static void CheckMappings(IReadOnlyList<HeapFileMapping> mappings)
    {
        var total = new Total(Most, MoreBytes);
        foreach (var each in mappings)
            foreach (var bytes in (ReadOnlySpan<long>)[each.Resident, each.Proportional, each.Shared, each.Private, each.Anonymous, each.Swapped])
                total.Add(bytes);
    }

    private static void CheckParts(HeapFileResident resident)
    {
        var (bytes, count) = (new Total(Most, MoreBytes), new Total(Most, "counts more"));
        foreach (var part in resident.Parts)
        {
            bytes.Add(part.Bytes);
            count.Add(part.Count);
        }
    }

    private static void CheckMalloc(HeapFileResident resident)
    {
        var (malloc, total) = (resident.Malloc, new Total(Most, MoreBytes));
        foreach (var number in (ReadOnlySpan<long>)[malloc.MappedBlocks, malloc.MappedBytes, malloc.Trimmable, malloc.Adjusted])
            total.Add(number);
        foreach (var arena in resident.MallocArenas)
            foreach (var bytes in (ReadOnlySpan<long>)[arena.System, arena.Free, arena.Fast, arena.Cached, arena.Top])
                total.Add(bytes);
    }

    private static void CheckPools(HeapFileResident resident)
    {
        var (pools, total) = (resident.Pools, new Total(Most, MoreBytes));
        foreach (var bytes in (ReadOnlySpan<long>)[pools.HeaderBytes, pools.TailBytes, pools.AlignmentBytes])
            total.Add(bytes);
        total.Add(Math.Max(1, pools.PoolSize), pools.FreePools);
        foreach (var each in resident.Classes)
        {
            total.Add(Math.Max(1, pools.PoolSize), each.Pools);
            total.Add(Math.Max(1, each.BlockSize), each.UsedBlocks);
            total.Add(Math.Max(1, each.BlockSize), each.FreeBlocks);
        }
        foreach (var arena in resident.Arenas)
            foreach (var number in (ReadOnlySpan<long>)[arena.UsedBlocks, arena.UsedBytes, arena.Resident])
                total.Add(number);
    }
}
