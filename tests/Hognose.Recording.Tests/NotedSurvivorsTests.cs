using System.Runtime.InteropServices;
using Hognose.Formats.Alloc;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Tests;

/// <summary>What lived at a moment is worked out by another thread, while the recording goes on: of tens of millions of blocks it takes longer than an agent waits for a heartbeat.</summary>
public sealed unsafe class NotedSurvivorsTests : IDisposable
{
    private const int Blocks = 1000;
    private const int Batch = RingHeader.StageEvents;

    private readonly byte* _region = (byte*)NativeMemory.AlignedAlloc((nuint)RingShape.RegionLength, 4096);

    public NotedSurvivorsTests()
    {
        NativeMemory.Clear(_region, RingHeader.SizeInBytes);
        RingShape.Format(_region, nonce: 1, toolProcessId: 1, StackRoom.Whole);
    }

    public void Dispose() => NativeMemory.AlignedFree(_region);

    [Fact]
    public void They_are_those_of_the_moment_whatever_comes_afterwards()
    {
        using var session = new RecordingSession(_region, new NoLayouts(), () => -1);
        Tell(EventKind.Allocate, size: 100);
        session.Step();
        var noted = session.NoteSurvivors();
        var recording = session.UpToNow(new ProgramFacts("0", [], DateTimeOffset.UnixEpoch, 1, ProgramEnding.Unknown, 0, 0, 0, -1, ""), noted);

        var heartbeat = ((RingHeader*)_region)->Heartbeat;
        IReadOnlyList<Survivor> told = [];
        var server = new Thread(() => told = noted.Blocks);
        server.Start();
        Tell(EventKind.Free, size: 0);
        Tell(EventKind.Allocate, size: 200);
        session.Step();
        server.Join();

        Assert.True(((RingHeader*)_region)->Heartbeat > heartbeat);
        Assert.Equal((Blocks, Blocks * 100L), (recording.Facts.Allocations, recording.Facts.EndBytes));
        Assert.Equal(Enumerable.Range(1, Blocks).Select(number => ((ulong)number * 16, 100L)), told.Select(block => (block.Address, block.Size)));
        Assert.Equal(Blocks * 200L, session.Survivors().Sum(block => block.Size));
    }

    /// <summary>Of each block, and padding up to a whole batch.</summary>
    private void Tell(EventKind kind, ulong size)
    {
        var ring = (RingHeader*)_region;
        var events = (AllocationEvent*)(_region + ring->EventOffset);
        var head = ring->Head;
        for (var number = 1UL; number <= Blocks || head % Batch != 0; number++)
            events[head++ & (ring->EventCapacity - 1)] = number > Blocks
                ? new AllocationEvent { Word0 = AllocationEvent.PackWord0(0, EventKind.Padding, AllocatorDomain.Raw) }
                : new AllocationEvent { Word0 = AllocationEvent.PackWord0(number * 16, kind, AllocatorDomain.Object), Word1 = AllocationEvent.PackWord1(size, 0) };
        ring->Written = head;
        Volatile.Write(ref ring->Head, head);
    }

    private sealed class NoLayouts : ILayoutSource
    {
        public bool TryGet(uint version, uint build, out AgentLayout layout, out string reason)
        {
            (layout, reason) = (default, "none");
            return false;
        }
    }
}
