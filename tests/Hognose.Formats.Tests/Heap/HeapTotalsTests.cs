using Hognose.Diagnostics;
using Hognose.Formats.Heap;

namespace Hognose.Formats.Tests.Heap;

/// <summary>Numbers of a kind that add up to more than an address space holds: whoever adds them up would get none of it right.</summary>
public class HeapTotalsTests
{
    private const long Half = 1L << 59;
    private const long Rest = Half + 1;

    private static readonly Dictionary<string, Func<HeapFile, HeapFile>> Forgeries = new()
    {
        ["sizes"] = heap => heap with { Sizes = [Half, Rest, .. heap.Sizes.Skip(2)] },
        ["unused storage"] = heap => heap with { Unused = [Half, Half + 8, .. heap.Unused.Skip(2)] },
        ["trouble"] = heap => heap with { Trouble = new Dictionary<string, long> { ["HG0101"] = Half, ["HG0102"] = Rest } },
        ["collectors"] = heap => heap with { Collectors = [Collector(frozen: Half, collected: 0), Collector(frozen: 0, collected: Rest)] },
        ["mappings"] = heap => Resident(heap, resident => resident with { Mappings = [new HeapFileMapping(0x1000, 0x1000, "", Half, Rest, 0, 0, 0, 0)] }),
        ["parts"] = heap => Resident(heap, resident => resident with { Parts = [new HeapFilePart(1, "a", Half, 1), new HeapFilePart(1, "b", Rest, 1)] }),
        ["counts of parts"] = heap => Resident(heap, resident => resident with { Parts = [new HeapFilePart(1, "a", 1, Half), new HeapFilePart(1, "b", 1, Rest)] }),
        ["malloc"] = heap => Resident(heap, resident => resident with { Malloc = new HeapFileMallocTotals(1, Half, Rest, 0) }),
        ["arenas of malloc"] = heap => Resident(heap, resident => resident with { MallocArenas = [new HeapFileMallocArena(0x5000, true, Half, Rest, 0, 0, 0)] }),
        ["pools"] = heap => Resident(heap, resident => resident with { Pools = new HeapFilePoolTotals(1 << 30, 1L << 31, 0, 0, 0) }),
        ["size classes"] = heap => Resident(heap, resident => resident with { Classes = [new HeapFileSizeClass(int.MaxValue, 0, 1L << 40, 0)] }),
        ["arenas of pymalloc"] = heap => Resident(heap, resident => resident with { Arenas = [new HeapFileArena(0x10000, 1 << 20, 1, Half, Rest)] }),
    };

    public static TheoryData<string> Kinds => [.. Forgeries.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Numbers_that_add_up_to_more_than_there_can_be_are_refused(string kind)
    {
        var heap = HeapFileTests.Make(40, edgesPerNode: 3, seed: 1);
        var trouble = Assert.Throws<CannotContinueException>(() => HeapFileReader.Read(new MemoryStream(HeapFileTests.Encode(Forgeries[kind](heap))), "x.heap", []));
        Assert.EndsWith("than there can be", trouble.Message, StringComparison.Ordinal);
    }

    private static HeapFile Resident(HeapFile heap, Func<HeapFileResident, HeapFileResident> change) => heap with { Resident = change(heap.Resident!) };

    private static HeapFileCollector Collector(long frozen, long collected) =>
        new(0, true, false, false, 0, 0, 0, frozen, -1, [new HeapFileGeneration(700, 1, -1, 1, collected, 0, -1, -1)]);
}
