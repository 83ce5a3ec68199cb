using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Formats.Alloc.Events;
using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap;
using Hognose.Formats.Heap.Payloads;
using Hognose.Formats.Tests.Alloc;
using Hognose.Formats.Tests.Heap;

namespace Hognose.Formats.Tests;

/// <summary>A few kilobytes take no gigabytes to read, and what is of few different numbers indeed is read.</summary>
public class ExpansionTests
{
    [Theory]
    [InlineData(BlockType.Strings)]
    [InlineData(BlockType.Timeline)]
    [InlineData(BlockType.Events)]
    [InlineData((BlockType)0x41414141)]
    public void Equal_bytes_that_claim_to_be_millions_of_entries_are_refused(BlockType type)
    {
        var zeros = new byte[BlockFormat.MaximumPayload];
        var trouble = Assert.Throws<CannotContinueException>(() => Recordings.Decode(Forged.FileOf([(type, zeros), (type, zeros)])));
        Assert.Contains("claims to hold more than a file of this length can", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_blocks_stand_for_no_more_objects_than_they_can_have_held()
    {
        var heap = HeapFileTests.Make(0, 0, seed: 1);
        using var file = new MemoryStream();
        FileHead.Write(file, HeapFormat.Magic, HeapFormat.CurrentVersion);
        using var writer = new BlockWriter(file);
        HeapFactsPayload.Write(writer, heap.Facts with { Nodes = 100 * HeapFormat.NodesPerBlock });
        for (var block = 0; block < 100; block++)
            writer.Write(BlockType.Nodes, [1]);
        var (count, chain) = (writer.Blocks, writer.Chain);
        writer.Begin(BlockType.End);
        writer.Payload.Count(count);
        writer.Payload.Number(chain);
        writer.Finish();
        var bytes = file.ToArray();
        for (var block = 0; block < 100; block++)
            bytes = HeapForged.Damaged(bytes, BlockType.Nodes, block);
        Assert.Contains("lacks objects", Assert.Throws<CannotContinueException>(() => HeapFileReader.Read(new MemoryStream(bytes), "x.heap", [])).Message, StringComparison.Ordinal);
    }

    /// <summary>As of [None] * n: no snapshot packs better.</summary>
    [Fact]
    public void A_list_of_millions_of_the_same_object_is_read()
    {
        const int references = 16_000_000;
        var heap = HeapFileTests.Make(1, 0, seed: 1) with { EdgeStarts = [0, references], Edges = new uint[references], EdgeNames = new int[references] };
        var bytes = HeapFileTests.Encode(heap);
        Assert.InRange(references * 2 / bytes.Length, 2_000, int.MaxValue);
        Assert.Equal(references, HeapFileReader.Read(new MemoryStream(bytes), "x.heap", []).Edges.Length);
    }

    /// <summary>As of [object() for …]: no events pack better.</summary>
    [Fact]
    public void Millions_of_allocations_of_one_loop_are_read()
    {
        const int batch = 1 << 16;
        using var file = new MemoryStream();
        var recording = Recordings.Small();
        file.Write(Forged.Head);
        using var writer = new BlockWriter(file);
        FactsPayload.Write(writer, recording.Facts with { KeepsEvents = true });
        var names = new StackNames();
        names.Write(writer, recording.Stacks.Frames, recording.Stacks.ParentStack, recording.Stacks.InnermostFrame);
        var events = new EventEncoder(_ => 1);
        for (var now = 1; now <= 512; now++)
        {
            events.Tell(now * 3_000_000L);
            for (var i = 0; i < batch; i++)
                events.Allocate(1, 16, 0, 0);
            if (now % 16 > 0)
                continue;
            writer.Begin(BlockType.Events);
            events.Take(writer.Payload);
            writer.Finish();
        }
        UsagePayload.Write(writer, recording.Usage);
        TimelinePayload.Write(writer, recording.Timeline);
        EndPayload.Write(writer, EndPayload.Of(recording, names.Strings, writer));
        Assert.InRange(512 * batch / file.Length, 1_000, int.MaxValue);
        Assert.Equal(recording.Usage.Length, Recordings.Decode(file.ToArray()).Usage.Length);
    }
}
