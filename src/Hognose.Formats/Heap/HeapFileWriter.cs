using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap.Payloads;

namespace Hognose.Formats.Heap;

/// <summary>Encodes a snapshot as <c>*.heap</c>, format 1.</summary>
public static class HeapFileWriter
{
    /// <summary>Writes forwards only, so that <paramref name="file"/> may be a pipe.</summary>
    /// <param name="file">Receives it.</param>
    /// <param name="heap">The snapshot.</param>
    /// <param name="progress">Is told after each block of objects or references how much of them is written, from 0 to 1.</param>
    /// <exception cref="IOException">The disk is full, or whatever the stream says.</exception>
    public static void Write(Stream file, HeapFile heap, Action<double>? progress = null)
    {
        FileHead.Write(file, HeapFormat.Magic, HeapFormat.CurrentVersion);
        using var writer = new BlockWriter(file);
        using var blocks = new BlocksBeside(writer);
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
        var all = heap.Addresses.Length + heap.Edges.LongLength;
        NodesPayload.Write(blocks, heap, done => progress?.Invoke((double)done / all));
        ContentsPayload.Write(blocks, heap);
        EdgesPayload.Write(blocks, heap, done => progress?.Invoke((double)(heap.Addresses.Length + done) / all));
        if (heap.Births is { } births)
            WriteBirths(blocks, births);
        blocks.Complete();
        var (count, chain) = (writer.Blocks, writer.Chain);
        writer.Begin(BlockType.End);
        writer.Payload.Count(count);
        writer.Payload.Number(chain);
        writer.Finish();
        file.Flush();
    }

    private static void WriteBirths(BlockBuilder blocks, HeapFileBirths births)
    {
        new StackNames().Write(blocks, births.Stacks.Frames, births.Stacks.ParentStack, births.Stacks.InnermostFrame);
        BirthsPayload.Write(blocks, births);
    }
}
