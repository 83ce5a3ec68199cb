using Hognose.Insights.Resident;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What the two allocators took, and what of it is free.</summary>
internal static class AllocatorLines
{
    public static void Write(IAnsiConsole console, ResidentAnswer answer)
    {
        var pools = answer.Memory.Pools;
        var malloc = answer.Memory.Malloc;
        console.WriteLine();
        console.Write(new StyledLine().Spaces(2).Add("Allocators", Palette.Heading));
        if (pools.Arenas.Count > 0)
            ResidentReport.WriteText(
                console,
                $"pymalloc: {Quantities.Count(pools.Arenas.Count, "arena")} of {Quantities.Bytes(pools.ArenaBytes)}; {Quantities.Bytes(pools.UsedBytes)} in "
                + $"{Quantities.Count(pools.UsedBlocks, "block")}, {Quantities.Bytes(pools.FreeBytes)} free in {Quantities.Count(pools.Pools, "pool")}, "
                + $"{Quantities.Count(pools.FreePools, "pool")} free",
                null);
        if (malloc.Arenas.Count > 0)
            ResidentReport.WriteText(
                console,
                $"malloc: {Quantities.Count(malloc.Arenas.Count, "arena")} of {Quantities.Bytes(malloc.Arenas.Sum(arena => arena.System))}, "
                + $"{Quantities.Bytes(malloc.Free)} of it free; {Quantities.Count(malloc.MappedBlocks, "block")} of {Quantities.Bytes(malloc.MappedBytes)} with mappings "
                + $"of their own; malloc_trim(0) would give back {Quantities.Bytes(malloc.Trimmable)}",
                null);
    }
}
