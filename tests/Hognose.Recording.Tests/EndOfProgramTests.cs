using Hognose.Formats.Ring;
using Hognose.Recording.Ledger;

namespace Hognose.Recording.Tests;

public class EndOfProgramTests
{
    [Fact]
    public void What_shutdown_frees_was_held_at_the_end()
    {
        using var ledger = new AllocationLedger(stackLimit: 10);
        ledger.Apply([Allocate(0x1000, 64, stack: 3), Allocate(0x2000, 100, stack: 4), Free(0x2000), Told(EventKind.TearDown), Free(0x1000)]);

        Assert.Equal((64, 1), (ledger.End!.Bytes, ledger.End.Blocks));
        Assert.Equal(new StackHolding(64, 1), ledger.End.Holdings[3]);
        Assert.Equal(default, ledger.End.Holdings[4]);
        Assert.Equal((0, 0), (ledger.HeapBytes, ledger.HeapBlocks));
    }

    [Fact]
    public void Only_the_first_shutdown_counts()
    {
        using var ledger = new AllocationLedger(stackLimit: 10);
        ledger.Apply([Allocate(0x1000, 64, stack: 3), Told(EventKind.TearDown), Free(0x1000), Told(EventKind.TearDown)]);

        Assert.Equal(64, ledger.End!.Bytes);
    }

    [Fact]
    public void A_program_that_never_shuts_down_has_no_such_instant()
    {
        using var ledger = new AllocationLedger(stackLimit: 10);
        ledger.Apply([Allocate(0x1000, 64, stack: 3)]);

        Assert.Null(ledger.End);
    }

    private static AllocationEvent Allocate(ulong address, ulong size, uint stack) => new()
    {
        Word0 = AllocationEvent.PackWord0(address, EventKind.Allocate, AllocatorDomain.Object),
        Word1 = AllocationEvent.PackWord1(size, 1),
        Word2 = stack,
    };

    private static AllocationEvent Free(ulong address) => new() { Word0 = AllocationEvent.PackWord0(address, EventKind.Free, AllocatorDomain.Object) };

    private static AllocationEvent Told(EventKind kind) => new() { Word0 = AllocationEvent.PackWord0(0, kind, AllocatorDomain.Raw) };
}
