using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// What takes the resident memory. Entries with a leading byte: 1 a part (kind, name, bytes, count), 2 malloc's totals (mapped blocks and bytes, what
/// trimming gives back, bytes fitted), 3 an arena of malloc (address, a byte: 1 the main one, system, free, fast, cached, top).
/// </summary>
internal static class ResidentPayload
{
    private const byte Part = 1;
    private const byte Totals = 2;
    private const byte Arena = 3;

    public static void Write(BlockBuilder blocks, HeapFileResident resident)
    {
        blocks.Begin(BlockType.Resident);
        blocks.Payload.Byte(Totals);
        foreach (var number in (long[])[resident.Malloc.MappedBlocks, resident.Malloc.MappedBytes, resident.Malloc.Trimmable, resident.Malloc.Adjusted])
            blocks.Payload.Count(number);
        foreach (var part in resident.Parts)
        {
            blocks.Payload.Byte(Part);
            blocks.Payload.Byte(part.Kind);
            blocks.Payload.Text(part.Name);
            blocks.Payload.Count(part.Bytes);
            blocks.Payload.Count(part.Count);
            blocks.EntryDone();
        }
        foreach (var arena in resident.MallocArenas)
        {
            blocks.Payload.Byte(Arena);
            blocks.Payload.Number(arena.Address);
            blocks.Payload.Byte(arena.IsMain ? (byte)1 : (byte)0);
            foreach (var bytes in (long[])[arena.System, arena.Free, arena.Fast, arena.Cached, arena.Top])
                blocks.Payload.Count(bytes);
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, OptionalBlocks heap)
    {
        while (!payload.IsAtEnd)
        {
            var kind = payload.Byte();
            if (kind == Totals)
                heap.Malloc = new HeapFileMallocTotals(payload.Count(), payload.Count(), payload.Count(), payload.Count());
            else if (kind == Part && heap.Parts.Count < HeapFormat.MaximumEntries)
                heap.Parts.Add(new HeapFilePart(payload.Byte(), payload.Text(), payload.Count(), payload.Count()));
            else if (kind == Arena && heap.MallocArenas.Count < HeapFormat.MaximumEntries)
                heap.MallocArenas.Add(new HeapFileMallocArena(
                    payload.Number(), payload.Byte() == 1, payload.Count(), payload.Count(), payload.Count(), payload.Count(), payload.Count()));
            else
                throw new MalformedPayloadException("holds a part of the memory that cannot be");
        }
    }
}
