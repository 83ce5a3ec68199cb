using CsCheck;
using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;

namespace Hognose.Recording.Tests;

/// <summary>Random events against a model that copies every stack's share at each new high-water mark.</summary>
public class LedgerModelTests
{
    private const int Stacks = 5;
    private const string Seed = "0N0XIzNsQ0O2";

    /// <summary>Few addresses, so that blocks are freed, replaced and unknown; some so large that the map keeps their size elsewhere.</summary>
    private static readonly Gen<AllocationEvent> AnyEvent = Gen.Select(
        Gen.Int[0, 9], Gen.ULong[1, 40], Gen.Frequency((9, Gen.ULong[0, 1000]), (1, Gen.ULong[1UL << 31, 1UL << 34])), Gen.UInt[0, Stacks - 1],
        (kind, place, size, stack) => kind switch
        {
            < 5 => Allocate(place * 16, size, stack),
            5 => Allocate(place * 16, size, stack, EventKind.Temporary),
            _ => Free(place * 16),
        });

    [Fact]
    public void Totals_and_shares_are_those_of_the_model() => AnyEvent.Array[0, 400].Sample(
        events =>
        {
            using var ledger = new AllocationLedger(stackLimit: Stacks);
            ledger.Apply(events);
            var model = new Model();
            foreach (var each in events)
                model.Apply(each);

            Assert.Equal((model.Held.Sum(), model.Peak, model.Unknown, model.Replaced, model.Temporary),
                (ledger.HeapBytes, ledger.PeakBytes, ledger.UnknownFrees, ledger.DuplicateAllocations, ledger.TemporaryAllocations));
            Assert.Equal((model.Allocations, model.Frees), (ledger.Allocations, ledger.Frees));
            Assert.Equal(model.AtPeak, Enumerable.Range(0, Stacks).Select(stack => ledger.ShareAtPeak((uint)stack).Bytes));
        },
        iter: 2000,
        seed: Seed);

    [Fact]
    public void A_million_blocks_side_by_side_are_found_again_in_any_order()
    {
        using var ledger = new AllocationLedger(stackLimit: 1);
        var order = Enumerable.Range(1, 1_000_000).Select(n => (ulong)n * 16).ToArray();
        ledger.Apply([.. order.Select(address => Allocate(address, 1, 0))]);
        Assert.Equal((1_000_000, 1_000_000), (ledger.HeapBytes, ledger.HeapBlocks));

        new Random(1).Shuffle(order);
        ledger.Apply([.. order.Select(Free)]);
        Assert.Equal((0, 0, 0), (ledger.HeapBytes, ledger.HeapBlocks, ledger.UnknownFrees));
    }

    [Fact]
    public void A_realloc_that_fails_leaves_its_block_as_it_was()
    {
        using var ledger = new AllocationLedger(stackLimit: 2);
        ledger.Apply([Allocate(16, 100, 1), Told(EventKind.Move, 16), Told(EventKind.MoveFailed, 16)]);
        Assert.Equal((100, 1, 0, 0), (ledger.HeapBytes, ledger.HeapBlocks, ledger.Frees, ledger.UnknownFrees));

        ledger.Apply([Free(16)]);
        Assert.Equal((0, 0, 1, 0), (ledger.HeapBytes, ledger.HeapBlocks, ledger.Frees, ledger.UnknownFrees));
    }

    private static AllocationEvent Allocate(ulong address, ulong size, uint stack, EventKind kind = EventKind.Allocate) => new()
    {
        Word0 = AllocationEvent.PackWord0(address, kind, AllocatorDomain.Object),
        Word1 = AllocationEvent.PackWord1(size, 1),
        Word2 = stack,
    };

    private static AllocationEvent Free(ulong address) => Told(EventKind.Free, address);

    private static AllocationEvent Told(EventKind kind, ulong address) =>
        new() { Word0 = AllocationEvent.PackWord0(address, kind, AllocatorDomain.Object), Word1 = AllocationEvent.PackWord1(0, 1) };

    private sealed class Model
    {
        private readonly Dictionary<ulong, (long Size, uint Stack)> _live = [];
        private ulong _last;

        public long[] Held { get; } = new long[Stacks];

        public long[] AtPeak { get; private set; } = new long[Stacks];

        public long Peak { get; private set; }

        public long Unknown { get; private set; }

        public long Replaced { get; private set; }

        public long Temporary { get; private set; }

        public long Allocations { get; private set; }

        public long Frees { get; private set; }

        public void Apply(AllocationEvent e)
        {
            if (e.Kind == EventKind.Free)
                Free(e.Address);
            else
                Allocate(e);
            if (e.Kind == EventKind.Temporary)
                Free(e.Address);
        }

        private void Allocate(AllocationEvent e)
        {
            Allocations++;
            if (_live.Remove(e.Address, out var replaced))
            {
                Replaced++;
                Held[replaced.Stack] -= replaced.Size;
            }
            _live[e.Address] = ((long)e.Size, e.Stack);
            Held[e.Stack] += (long)e.Size;
            _last = e.Address;
            if (Held.Sum() <= Peak)
                return;
            Peak = Held.Sum();
            AtPeak = [.. Held];
        }

        private void Free(ulong address)
        {
            Frees++;
            if (!_live.Remove(address, out var block))
            {
                Unknown++;
                return;
            }
            Held[block.Stack] -= block.Size;
            if (_last == address)
                Temporary++;
            _last = _last == address ? 0 : _last;
        }
    }
}
