using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap.Payloads;

namespace Hognose.Formats.Heap;

/// <summary>Encodes a snapshot as <c>*.heap</c>, format 1.</summary>
public static class HeapFileWriter
{
    /// <summary>Writes forwards only, so that <paramref name="file"/> may be a pipe.</summary>
    /// <exception cref="IOException">The disk is full, or whatever the stream says.</exception>
    public static void Write(Stream file, HeapFile heap)
    {
        FileHead.Write(file, HeapFormat.Magic, HeapFormat.CurrentVersion);
        using var blocks = new BlockWriter(file);
        HeapFactsPayload.Write(blocks, heap.Facts with { Nodes = heap.Addresses.Length });
        TroublePayload.Write(blocks, heap.Trouble);
        TypesPayload.Write(blocks, heap.Types);
        NamesPayload.Write(blocks, heap.Names);
        RootsPayload.Write(blocks, heap.Roots);
        HeldByFramesPayload.Write(blocks, heap.HeldByFrames);
        HoldersPayload.Write(blocks, heap.Holders);
        OwnNamesPayload.Write(blocks, heap);
        WeakTargetsPayload.Write(blocks, heap.WeakTargets);
        ValuesPayload.Write(blocks, heap.Values);
        SuspendedPayload.Write(blocks, heap.Suspended);
        ThreadsPayload.Write(blocks, heap.Threads);
        CollectorsPayload.Write(blocks, heap.Collectors);
        if (heap.Resident is { } resident)
        {
            MappingsPayload.Write(blocks, resident.Mappings);
            ResidentPayload.Write(blocks, resident);
            PoolsPayload.Write(blocks, resident);
        }
        NodesPayload.Write(blocks, heap);
        ContentsPayload.Write(blocks, heap);
        EdgesPayload.Write(blocks, heap);
        if (heap.Births is { } births)
            WriteBirths(blocks, births);
        var (count, chain) = (blocks.Blocks, blocks.Chain);
        blocks.Begin(BlockType.End);
        blocks.Payload.Count(count);
        blocks.Payload.Number(chain);
        blocks.Finish();
        file.Flush();
    }

    private static void WriteBirths(BlockWriter blocks, HeapFileBirths births)
    {
        new StackNames().Write(blocks, births.Stacks.Frames, births.Stacks.ParentStack, births.Stacks.InnermostFrame);
        BirthsPayload.Write(blocks, births);
    }
}
