using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>
/// What a stack allocated: how far its id stands behind the former entry's, a byte that says which of the eight numbers are not zero
/// (bit 0: the first), then those. Stacks that are only callers have no entry.
/// </summary>
internal static class UsagePayload
{
    private const int Fields = 8;

    public static void Write(BlockWriter blocks, StackUsage[] usage)
    {
        blocks.Begin(BlockType.Usage);
        Span<long> fields = stackalloc long[Fields];
        var former = -1;
        for (var stack = 0; stack < usage.Length; stack++)
        {
            Spread(usage[stack], fields);
            var mask = MaskOf(fields);
            if (mask == 0)
                continue;
            blocks.Payload.Count(stack - former);
            blocks.Payload.Byte(mask);
            foreach (var field in fields)
                if (field != 0)
                    blocks.Payload.Count(field);
            blocks.EntryDone();
            former = stack;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, RecordingBuilder recording)
    {
        Span<long> fields = stackalloc long[Fields];
        var former = recording.Usage.Count == 0 ? -1 : recording.Usage[^1].Stack;
        while (!payload.IsAtEnd)
        {
            var step = payload.Index(recording.Stacks.ParentStack.Count - former);
            if (step == 0)
                throw new MalformedPayloadException("names a stack twice");
            former += step;
            var mask = payload.Byte();
            for (var i = 0; i < Fields; i++)
                fields[i] = (mask >> i & 1) == 0 ? 0 : payload.Count();
            recording.Usage.Add((former, Gather(fields)));
        }
    }

    private static byte MaskOf(ReadOnlySpan<long> fields)
    {
        var mask = 0;
        for (var i = 0; i < Fields; i++)
            if (fields[i] != 0)
                mask |= 1 << i;
        return (byte)mask;
    }

    private static void Spread(in StackUsage usage, Span<long> fields)
    {
        fields[0] = usage.PeakBytes;
        fields[1] = usage.PeakBlocks;
        fields[2] = usage.EndBytes;
        fields[3] = usage.EndBlocks;
        fields[4] = usage.TotalBytes;
        fields[5] = usage.TotalBlocks;
        fields[6] = usage.TemporaryBytes;
        fields[7] = usage.TemporaryBlocks;
    }

    private static StackUsage Gather(ReadOnlySpan<long> fields) => new()
    {
        PeakBytes = fields[0],
        PeakBlocks = fields[1],
        EndBytes = fields[2],
        EndBlocks = fields[3],
        TotalBytes = fields[4],
        TotalBlocks = fields[5],
        TemporaryBytes = fields[6],
        TemporaryBlocks = fields[7],
    };
}
