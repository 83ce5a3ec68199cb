using CsCheck;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;
using Hognose.Recording.Replay;

namespace Hognose.Recording.Tests;

/// <summary>Mappings that are cut and covered at random, against a model that knows whose each page is.</summary>
public class MappingTests
{
    private const int Pages = 24;
    private const ulong PageBytes = 4096;
    private const uint Stacks = 4;

    private static readonly Gen<AllocationEvent> AnyEvent = Gen.Select(
        Gen.Bool, Gen.ULong[1, Pages - 1], Gen.ULong[1, 6], Gen.UInt[0, Stacks - 1],
        (maps, page, pages, stack) => Told(maps ? EventKind.Map : EventKind.Unmap, page, Math.Min(pages, Pages - page) * PageBytes, stack));

    [Fact]
    public void What_is_mapped_is_what_the_pages_say() => AnyEvent.Array[0, 60].Sample(
        events =>
        {
            using var ledger = new AllocationLedger(Stacks);
            var pages = new uint?[Pages];
            long mapped = 0;
            foreach (var e in events)
            {
                ledger.Apply([e]);
                mapped += e.Kind == EventKind.Map ? (long)e.Size : 0;
                for (var page = e.Address / PageBytes; page < (e.Address + e.Size) / PageBytes; page++)
                    pages[page] = e.Kind == EventKind.Map ? e.Stack : null;
                Assert.Equal(pages.Count(page => page is not null) * (long)PageBytes, ledger.HeapBytes);
            }
            ledger.Apply([new AllocationEvent { Word0 = AllocationEvent.PackWord0(0, EventKind.TearDown, AllocatorDomain.Object) }]);
            var held = ledger.End!.Holdings[..(int)Stacks];
            Assert.Equal(Enumerable.Range(0, (int)Stacks).Select(stack => pages.Count(page => page == stack) * (long)PageBytes), held.Select(each => each.Bytes));
            Assert.Equal(ledger.HeapBlocks, held.Sum(each => each.Blocks));
            Assert.Equal(mapped, ledger.AllocatedBytes);
        },
        iter: 2000,
        seed: "0N0XIzNsQ0O2");

    [Fact]
    public void Replayed_from_its_file_a_mapping_is_what_it_was() => AnyEvent.Array[0, 60].Sample(
        events =>
        {
            using var ledger = new AllocationLedger(Stacks);
            ledger.Apply(events);
            var file = ReplayModelTests.FileOf([.. events.Select(e => new[] { e })], isWhole: true);
            var replayed = EventReplay.Read(new MemoryStream(file), "it", new ReplayQuery(), static _ => { });

            var facts = replayed.Facts;
            Assert.Equal(
                (ledger.HeapBytes, ledger.HeapBlocks, ledger.PeakBytes, ledger.Allocations, ledger.Frees, ledger.TemporaryAllocations, ledger.NativeUnknownFrees, 0),
                (facts.NeverFreedBytes, facts.NeverFreedBlocks, facts.PeakBytes, facts.Allocations, facts.Frees, facts.TemporaryAllocations, facts.NativeUnknownFrees, facts.UnknownFrees));
            for (uint stack = 0; stack < Stacks; stack++)
                Assert.Equal(ledger.ShareAtPeak(stack), new StackHolding(replayed.Usage[stack].PeakBytes, replayed.Usage[stack].PeakBlocks));
        },
        iter: 300,
        seed: "9wBMrriEKBD2");

    [Fact]
    public void A_part_of_a_mapping_has_the_bytes_that_were_asked_for()
    {
        using var ledger = new AllocationLedger(1);
        ledger.Apply([Told(EventKind.Map, 1, 10_000, 0), Told(EventKind.Unmap, 2, 4096, 0)]);
        Assert.Equal((10_000 - 4096, 2, 0), (ledger.HeapBytes, ledger.HeapBlocks, ledger.Frees));

        ledger.Apply([Told(EventKind.Unmap, 3, 100, 0)]);
        Assert.Equal((4096, 1, 1), (ledger.HeapBytes, ledger.HeapBlocks, ledger.Frees));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)] // Four times "long ago" of 2^30 allocations was 2^32: now.
    [InlineData(8)]
    public void A_mapping_that_was_cut_is_no_temporary_allocation(int cuts)
    {
        using var ledger = new AllocationLedger(1);
        var events = Enumerable.Range(1, cuts + 1).Select(page => Told(EventKind.Unmap, (ulong)page, PageBytes, 0))
            .Prepend(Told(EventKind.Map, 1, (ulong)(cuts + 1) * PageBytes, 0)).ToArray();
        ledger.Apply(events);
        var replayed = EventReplay.Read(new MemoryStream(ReplayModelTests.FileOf([events], isWhole: true)), "it", new ReplayQuery(), static _ => { });

        Assert.Equal((1, 0), (ledger.Frees, ledger.TemporaryAllocations));
        Assert.Equal((1, 0), (replayed.Facts.Frees, replayed.Facts.TemporaryAllocations));
    }

    [Fact]
    public void Unmapping_what_nobody_mapped_is_no_contradiction()
    {
        using var ledger = new AllocationLedger(1);
        ledger.Apply([Told(EventKind.Unmap, 3, 100, 0)]);
        Assert.Equal((0, 0, 1, 1), (ledger.HeapBytes, ledger.UnknownFrees, ledger.NativeUnknownFrees, ledger.Frees));
    }

    private static AllocationEvent Told(EventKind kind, ulong page, ulong bytes, uint stack) => new()
    {
        Word0 = AllocationEvent.PackWord0(page * PageBytes, kind, AllocatorDomain.Mapping),
        Word1 = AllocationEvent.PackWord1(bytes, 1),
        Word2 = stack,
    };
}
