using Hognose.Recording.Ledger;

namespace Hognose.Recording.Tests;

public class LiveBlockMapTests
{
    private const int SlotBits = 18;

    /// <summary>pymalloc's pools of 4 KiB, filled side by side with the eight blocks of a row of data; linear probing from where the map begins to look.</summary>
    [Fact]
    public void Blocks_of_pools_need_hardly_more_than_one_look_in_a_table_half_full()
    {
        const int pool = 4096;
        const int poolHead = 48;
        var sizes = (int[])[64, 64, 32, 160, 64, 64, 32, 32];
        var next = new Dictionary<int, ulong>();
        var arena = 0x7F00_0000_0000UL;
        ulong Allocate(int size)
        {
            if (!next.TryGetValue(size, out var at) || (at % pool) + (ulong)size > pool)
            {
                at = arena + poolHead;
                arena += pool;
            }
            next[size] = at + (ulong)size;
            return at;
        }

        var isTaken = new bool[1 << SlotBits];
        var (blocks, looks) = (0, 0);
        for (var row = 0; blocks < isTaken.Length / 2; row++)
            foreach (var size in sizes)
            {
                var slot = (int)LiveBlockMap.Home(Allocate(size), 64 - SlotBits);
                for (looks++; isTaken[slot]; looks++)
                    slot = (slot + 1) % isTaken.Length;
                isTaken[slot] = true;
                blocks++;
            }

        // Knuth, vol. 3, 6.4: addresses without any order would need (1 + 1 / (1 - 1/2)) / 2.
        Assert.InRange((double)looks / blocks, 1, 1.5);
    }
}
