using Hognose.Diagnostics;
using Hognose.Formats.Alloc.Payloads;
using Hognose.Formats.Blocks;
using Hognose.Formats.Heap.Payloads;

namespace Hognose.Formats.Heap;

/// <summary>Decodes <c>*.heap</c>, format 1. The file may hold anything; what comes out is consistent.</summary>
public static class HeapFileReader
{
    /// <param name="file">Read forwards only.</param>
    /// <param name="fileName">For messages.</param>
    /// <param name="damage">Receives a line for each block of objects or references that was lost; the rest is read all the same.</param>
    /// <param name="columns">That are asked for, of those that can be left out.</param>
    /// <param name="progress">Is told after each block how much of the file is read, from 0 to 1, where its length is known.</param>
    /// <exception cref="CannotContinueException">Empty, cut short, damaged where nothing can be left out, of another version, or no snapshot at all.</exception>
    public static HeapFile Read(Stream file, string fileName, ICollection<string> damage, HeapColumns columns = HeapColumns.All, Action<double>? progress = null)
    {
        FileHead.Check(file, fileName, HeapFormat.Magic, HeapFormat.CurrentVersion, HeapFormat.Words);
        using var blocks = new BlockReader(file, fileName, HeapFormat.Words);
        var length = file.CanSeek ? file.Length : 0;
        var heap = new HeapFileBuilder(length, columns);
        using (var ahead = new BlocksAhead(blocks, heap.Reads))
            for (var block = ahead.Next(); ReadBlock(block, heap, damage); block = ahead.Next())
                if (length > 0)
                    progress?.Invoke((double)block.Place.Position / length);
        blocks.ExpectEndOfFile();
        try
        {
            return heap.ToFile();
        }
        catch (MalformedPayloadException malformed)
        {
            throw new CannotContinueException($"'{fileName}' is damaged: it {malformed.Message}", HeapFormat.Words.Remedy);
        }
    }

    private static bool ReadBlock(BlockAhead block, HeapFileBuilder heap, ICollection<string> damage)
    {
        try
        {
            block.Failure?.Throw();
            return !heap.Reads(block.Type) || Take(block, new PayloadReader(block.Payload.Span), heap);
        }
        catch (MalformedPayloadException malformed)
        {
            throw block.Place.Damaged(malformed.Message);
        }
        catch (CannotContinueException lost) when (block.CanGoOn && (block.Type is BlockType.Nodes or BlockType.Edges || OptionalBlocks.Holds(block.Type)))
        {
            damage.Add(lost.Message);
            heap.NoteLostBlock(block.Type, block.Length);
            return true;
        }
    }

    /// <returns>false after the end block.</returns>
    private static bool Take(BlockAhead block, PayloadReader payload, HeapFileBuilder heap)
    {
        var type = block.Type;
        if (type == BlockType.Facts)
            heap.Begin(HeapFactsPayload.Read(ref payload));
        else if (heap.Facts is null)
            throw new MalformedPayloadException("stands before the facts");
        if (OptionalBlocks.Holds(type))
            TakeOptional(type, ref payload, heap);
        switch (type)
        {
            case BlockType.Trouble: TroublePayload.Read(ref payload, heap.Trouble); break;
            case BlockType.Types: TypesPayload.Read(ref payload, heap.Types, heap.NodeCount); break;
            case BlockType.Names: NamesPayload.Read(ref payload, heap.Names); break;
            case BlockType.Roots: RootsPayload.Read(ref payload, heap.Roots, heap.NodeCount); break;
            case BlockType.HeldByFrames: HeldByFramesPayload.Read(ref payload, heap.HeldByFrames, heap.NodeCount); break;
            case BlockType.Holders: HoldersPayload.Read(ref payload, heap.Holders, heap.NodeCount); break;
            case BlockType.OwnNames: OwnNamesPayload.Read(ref payload, heap.OwnNames, heap.FreeVariables, heap.NodeCount); break;
            case BlockType.Nodes: NodesPayload.Read(block.Payload, heap); break;
            case BlockType.Edges: EdgesPayload.Read(block.Payload, heap); break;
            case BlockType.Strings: StringsPayload.Read(ref payload, heap.Stacks.Strings); break;
            case BlockType.Frames: FramesPayload.Read(ref payload, heap.Stacks); break;
            case BlockType.Stacks: StacksPayload.Read(ref payload, heap.Stacks); break;
            // Behind the objects: a run of births names no more of them than were read.
            case BlockType.Births:
                heap.EndNodes();
                BirthsPayload.ReadStacks(ref payload, heap.Stacks, heap.Births, heap.NodesRead);
                break;
            case BlockType.Ages:
                heap.EndNodes();
                BirthsPayload.ReadAges(ref payload, heap.Ages, heap.NodesRead);
                break;
            case BlockType.BirthBlocks:
                heap.EndNodes();
                BirthsPayload.ReadBlocks(ref payload, heap.BirthBlocks, heap.NodesRead);
                break;
            case BlockType.End:
                if (payload.Int32() != block.Blocks - 1 || payload.Number() != block.Chain)
                    throw new MalformedPayloadException("says that other blocks should stand before it");
                return false;
            default: break; // Read above; or of a later minor addition: skipped, its checksum held.
        }
        return true;
    }

    private static void TakeOptional(BlockType type, ref PayloadReader payload, HeapFileBuilder heap)
    {
        if (heap.Optional.IsLost(type))
            return;
        switch (type)
        {
            case BlockType.Contents: ContentsPayload.Read(ref payload, heap); break;
            case BlockType.Threads: ThreadsPayload.Read(ref payload, heap.Optional.Threads, heap.NodeCount); break;
            case BlockType.WeakTargets: WeakTargetsPayload.Read(ref payload, heap.Optional, heap.NodeCount); break;
            case BlockType.Values: ValuesPayload.Read(ref payload, heap.Optional, heap.NodeCount); break;
            case BlockType.Suspended: SuspendedPayload.Read(ref payload, heap.Optional, heap.NodeCount); break;
            case BlockType.Collectors: CollectorsPayload.Read(ref payload, heap.Optional.Collectors); break;
            case BlockType.Mappings: MappingsPayload.Read(ref payload, heap.Optional.Mappings); break;
            case BlockType.Resident: ResidentPayload.Read(ref payload, heap.Optional); break;
            default: PoolsPayload.Read(ref payload, heap.Optional); break;
        }
    }
}
