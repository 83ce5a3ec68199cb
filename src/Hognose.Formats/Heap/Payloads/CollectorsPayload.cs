using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// An entry a collector: interpreter, a byte of flags (1 enabled, 2 collecting, 4 incremental), debug flags, gc.garbage, callbacks, frozen, tracked + 1,
/// how many generations, then each one's eight numbers.
/// </summary>
internal static class CollectorsPayload
{
    private const int MostGenerations = 16;

    public static void Write(BlockBuilder blocks, IReadOnlyList<HeapFileCollector> collectors)
    {
        blocks.Begin(BlockType.Collectors);
        foreach (var collector in collectors)
        {
            blocks.Payload.Count(collector.Interpreter);
            blocks.Payload.Byte((byte)((collector.IsEnabled ? 1 : 0) | (collector.IsCollecting ? 2 : 0) | (collector.IsIncremental ? 4 : 0)));
            blocks.Payload.Number((uint)collector.DebugFlags);
            foreach (var number in (long[])[collector.Garbage, collector.Callbacks, collector.Frozen, collector.Tracked + 1, collector.Generations.Count])
                blocks.Payload.Count(number);
            foreach (var each in collector.Generations)
            {
                blocks.Payload.Number(ZigZag.Encode(each.Threshold));
                blocks.Payload.Number(ZigZag.Encode(each.Count));
                foreach (var number in (long[])[each.Objects + 1, each.Collections, each.Collected, each.Uncollectable, each.Nanoseconds + 1, each.Candidates + 1])
                    blocks.Payload.Count(number);
            }
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<HeapFileCollector> collectors)
    {
        while (!payload.IsAtEnd)
        {
            if (collectors.Count == HeapFormat.MaximumEntries)
                throw new MalformedPayloadException("holds too many collectors");
            var interpreter = payload.Count();
            var flags = payload.Byte();
            var (debug, garbage, callbacks) = (unchecked((int)(uint)payload.Number()), payload.Count(), payload.Int32());
            var (frozen, tracked) = (payload.Count(), payload.Count() - 1);
            var generations = new HeapFileGeneration[payload.Index(MostGenerations + 1)];
            for (var i = 0; i < generations.Length; i++)
                generations[i] = new HeapFileGeneration(
                    Signed(ref payload), Signed(ref payload), payload.Count() - 1, payload.Count(), payload.Count(), payload.Count(), payload.Count() - 1, payload.Count() - 1);
            collectors.Add(new HeapFileCollector(
                interpreter, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, debug, garbage, callbacks, frozen, tracked, generations));
        }
    }

    private static int Signed(ref PayloadReader payload) =>
        ZigZag.Decode(payload.Number()) is var value and >= int.MinValue and <= int.MaxValue ? (int)value : throw new MalformedPayloadException("holds a number out of range");
}
