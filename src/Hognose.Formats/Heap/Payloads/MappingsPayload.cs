using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>The kernel's account: distance from the end of the mapping before, length, path, then resident, proportional, shared, private, anonymous, swapped bytes.</summary>
internal static class MappingsPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileMapping> mappings)
    {
        blocks.Begin(BlockType.Mappings);
        var last = 0UL;
        foreach (var mapping in mappings)
        {
            blocks.Payload.Number(mapping.Low - last);
            blocks.Payload.Number(mapping.Length);
            blocks.Payload.Text(mapping.Path);
            foreach (var bytes in (long[])[mapping.Resident, mapping.Proportional, mapping.Shared, mapping.Private, mapping.Anonymous, mapping.Swapped])
                blocks.Payload.Count(bytes);
            last = mapping.Low + mapping.Length;
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileMapping> mappings)
    {
        while (!payload.IsAtEnd)
        {
            if (mappings.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many mappings");
            var last = mappings.Count > 0 ? mappings[^1].Low + mappings[^1].Length : 0;
            var (distance, length) = (payload.Number(), payload.Number());
            if (distance > ulong.MaxValue - last || length > ulong.MaxValue - last - distance)
                throw new MalformedPayloadException("holds mappings out of order");
            mappings.Add(new HeapFileMapping(
                last + distance, length, payload.Text(), payload.Count(), payload.Count(), payload.Count(), payload.Count(), payload.Count(), payload.Count()));
        }
    }
}
