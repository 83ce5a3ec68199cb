using System.Runtime.InteropServices;
using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Tests;

/// <summary>The ring is the program's to write, at any time: what the tool saw at one look need not be there at the next.</summary>
public sealed unsafe class HostileRingTests : IDisposable
{
    private const int Events = 16_384;
    private const int EventsARound = 4_096;
    private const int Rounds = 400;

    private readonly byte* _region = (byte*)NativeMemory.AlignedAlloc(RingHeader.SizeInBytes + (Events * AllocationEvent.SizeInBytes), 64);
    private int _ends;

    public HostileRingTests() => new Span<byte>(_region, RingHeader.SizeInBytes + (Events * AllocationEvent.SizeInBytes)).Clear();

    public void Dispose() => NativeMemory.AlignedFree(_region);

    [Fact]
    public void Events_that_change_while_they_are_read_are_nonsense_and_no_more()
    {
        using var follower = new RingFollower(_region, new NoLayouts());
        var ring = (RingHeader*)_region;
        var region = (nint)_region;
        var writer = new Thread(() => Rewrite((AllocationEvent*)(region + RingHeader.SizeInBytes)));
        writer.Start();
        try
        {
            for (var round = 0; round < Rounds; round++)
            {
                Volatile.Write(ref ring->Head, ring->Head + EventsARound);
                ring->Written = ring->Head;
                Assert.Equal((ulong)EventsARound, follower.Drain());
            }
        }
        finally
        {
            Volatile.Write(ref _ends, 1);
            writer.Join();
        }
        Assert.InRange(follower.Ledger.Allocations, 1, (long)Rounds * EventsARound);
    }

    /// <summary>Few addresses, so that they meet; everything else is anything.</summary>
    private void Rewrite(AllocationEvent* events)
    {
        var random = new Random(20261128);
        while (Volatile.Read(ref _ends) == 0)
        {
            for (var i = 0; i < Events; i++)
            {
                events[i].Word0 = ((ulong)random.Next(1 << 10) << 48) | ((ulong)random.Next(64) * 16);
                events[i].Word1 = (ulong)random.NextInt64();
                events[i].Word2 = (ulong)random.NextInt64();
            }
        }
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
