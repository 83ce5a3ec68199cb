using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Tests;

/// <summary>What is staged, fewer events than a batch: while the program goes on, and what it leaves there when it ends.</summary>
public sealed unsafe class StageTests : IDisposable
{
    private readonly byte* _region = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc((nuint)RingHeader.SizeInBytes + BatchBytes, 64);
    private const nuint BatchBytes = RingHeader.StageEvents * AllocationEvent.SizeInBytes;

    public StageTests() => new Span<byte>(_region, (int)(RingHeader.SizeInBytes + BatchBytes)).Clear();

    public void Dispose() => System.Runtime.InteropServices.NativeMemory.AlignedFree(_region);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 1)]
    [InlineData(0, 64)]
    [InlineData(64, 64)]
    [InlineData(64, 101)]
    public void All_that_was_written_is_taken_once(ulong inRing, ulong written)
    {
        Fill(inRing, written);
        using var follower = new RingFollower(_region, new NoLayouts());
        if (inRing > 0)
            Assert.Equal(inRing, follower.Drain());
        // The last one may still be changed while the program lives.
        Assert.Equal(written > inRing ? written - inRing - 1 : 0, follower.Drain());
        Assert.Equal(0UL, follower.Drain());
        follower.DrainStage();
        follower.DrainStage();
        Assert.Equal(((long)written, 0), (follower.Ledger.Allocations, follower.Ledger.DuplicateAllocations));
    }

    /// <summary>In the middle of the stage, and as its last place, from which it goes into the ring.</summary>
    [Theory]
    [InlineData(3)]
    [InlineData(RingHeader.StageEvents)]
    public void The_last_allocation_is_known_when_it_is_asked_for_and_may_yet_be_freed(int written)
    {
        Fill(0, (ulong)written);
        using var follower = new RingFollower(_region, new NoLayouts());
        follower.Drain();
        Assert.Equal((written - 1, written - 1), (follower.Ledger.Allocations, follower.Ledger.HeapBlocks));
        follower.TakeLast();
        follower.TakeLast();
        Assert.Equal((written, written), (follower.Ledger.Allocations, follower.Ledger.HeapBlocks));
        Assert.Equal(0UL, follower.Drain());

        // The agent makes it a temporary; the tool sees it before anything else comes, once.
        var last = (AllocationEvent*)Ring->Stage + ((written - 1) % RingHeader.StageEvents);
        last->Word0 = AllocationEvent.PackWord0(last->Address, EventKind.Temporary, AllocatorDomain.Object);
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.Equal(0UL, follower.Drain());
            follower.DrainStage();
            Assert.Equal((written, written - 1L, 1), (follower.Ledger.Allocations, follower.Ledger.HeapBlocks, follower.Ledger.TemporaryAllocations));
        }
    }

    [Theory]
    [InlineData(EventKind.Allocate)]
    [InlineData(EventKind.Temporary)]
    public void What_the_last_allocation_became_is_seen_in_the_ring_too(EventKind became)
    {
        const int stage = RingHeader.StageEvents;
        Fill(0, stage);
        using var follower = new RingFollower(_region, new NoLayouts());
        follower.Drain();
        follower.TakeLast();
        var inRing = (AllocationEvent*)(_region + RingHeader.SizeInBytes);
        new ReadOnlySpan<AllocationEvent>(Ring->Stage, stage).CopyTo(new Span<AllocationEvent>(inRing, stage));
        inRing[stage - 1].Word0 = AllocationEvent.PackWord0(inRing[stage - 1].Address, became, AllocatorDomain.Object);
        ((AllocationEvent*)Ring->Stage)[stage - 1].Word0 = 0;
        // Between the two: the stage was emptied, and the head has not moved.
        Assert.Equal(0UL, follower.Drain());
        Ring->Head = stage;
        var begun = (AllocationEvent*)Ring->Stage;
        begun[0].Word0 = AllocationEvent.PackWord0(1 << 20, EventKind.Allocate, AllocatorDomain.Object);
        Ring->Written = stage + 1;
        Assert.Equal(0UL, follower.Drain());
        follower.TakeLast();
        var freed = became == EventKind.Temporary ? 1 : 0;
        Assert.Equal((stage + 1, stage + 1 - freed, freed), (follower.Ledger.Allocations, (int)follower.Ledger.HeapBlocks, (int)follower.Ledger.TemporaryAllocations));
    }

    /// <summary>A free stays one.</summary>
    [Fact]
    public void A_free_that_came_last_is_known_when_it_is_asked_for()
    {
        Fill(0, 3);
        ((AllocationEvent*)Ring->Stage)[2].Word0 = AllocationEvent.PackWord0(16, EventKind.Free, AllocatorDomain.Object);
        using var follower = new RingFollower(_region, new NoLayouts());
        follower.Drain();
        Assert.Equal(2, follower.Ledger.HeapBlocks);
        follower.TakeLast();
        follower.DrainStage();
        Assert.Equal((2, 1, 0), (follower.Ledger.Allocations, follower.Ledger.HeapBlocks, follower.Ledger.UnknownFrees));
    }

    /// <summary>The agent takes the last event out of a full stage, and then moves the head.</summary>
    [Fact]
    public void A_sample_that_is_on_its_way_into_the_ring_is_taken_from_there()
    {
        Fill(0, RingHeader.StageEvents);
        Ring->SampleBytes = 1024;
        var last = (AllocationEvent*)Ring->Stage + (RingHeader.StageEvents - 1);
        var inRing = (AllocationEvent*)(_region + RingHeader.SizeInBytes);
        new ReadOnlySpan<AllocationEvent>(Ring->Stage, RingHeader.StageEvents).CopyTo(new Span<AllocationEvent>(inRing, RingHeader.StageEvents));
        last->Word0 = 0;
        using var follower = new RingFollower(_region, new NoLayouts());
        Assert.Equal(RingHeader.StageEvents - 1UL, follower.Drain());
        Ring->Head = RingHeader.StageEvents;
        Assert.Equal(1UL, follower.Drain());
        Assert.Equal((RingHeader.StageEvents, 0), (follower.Ledger.Allocations, follower.Ledger.DuplicateAllocations));
    }

    [Theory]
    [InlineData(0, ulong.MaxValue)]
    [InlineData(64, 3)]
    [InlineData(64, 1UL << 63)]
    public void Counts_that_cannot_be_are_bounded_by_the_stage(ulong inRing, ulong written)
    {
        Fill(inRing, inRing + RingHeader.StageEvents);
        Ring->Written = written;
        using var follower = new RingFollower(_region, new NoLayouts());
        follower.Drain();
        follower.DrainStage();
        Assert.InRange(follower.Ledger.Allocations, 0, (long)inRing + RingHeader.StageEvents);
    }

    private RingHeader* Ring => (RingHeader*)_region;

    /// <summary>The first batch stands in the ring, what follows in the stage.</summary>
    private void Fill(ulong inRing, ulong written)
    {
        for (var n = 0UL; n < written; n++)
        {
            var place = n < inRing ? (AllocationEvent*)(_region + RingHeader.SizeInBytes) + n : (AllocationEvent*)Ring->Stage + (n % RingHeader.StageEvents);
            place->Word0 = AllocationEvent.PackWord0((n + 1) * 16, EventKind.Allocate, AllocatorDomain.Object);
            place->Word1 = AllocationEvent.PackWord1(8, 1);
        }
        Ring->Head = inRing;
        Ring->Written = written;
    }

    private sealed class NoLayouts : ILayoutSource
    {
        public bool TryGet(uint version, uint build, out AgentLayout layout, out string reason)
        {
            layout = default;
            reason = "none";
            return false;
        }
    }
}
