using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>
/// Variances of a recording of samples: how far a stack's id stands behind the former entry's, then six numbers, each the bits of a double: of bytes and
/// blocks at the high-water mark, at the end and ever. The block is missing where every allocation was recorded.
/// </summary>
internal static class VariancesPayload
{
    public static void Write(BlockWriter blocks, StackVariance[] variances)
    {
        if (variances.Length == 0)
            return;
        blocks.Begin(BlockType.Variances);
        var former = -1;
        for (var stack = 0; stack < variances.Length; stack++)
        {
            var variance = variances[stack];
            if (variance == default)
                continue;
            blocks.Payload.Count(stack - former);
            foreach (var number in (ReadOnlySpan<double>)[variance.PeakBytes, variance.PeakBlocks, variance.EndBytes, variance.EndBlocks, variance.TotalBytes, variance.TotalBlocks])
                blocks.Payload.Number(BitConverter.DoubleToUInt64Bits(number));
            blocks.EntryDone();
            former = stack;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, RecordingBuilder recording)
    {
        var former = recording.Variances.Count == 0 ? -1 : recording.Variances[^1].Stack;
        while (!payload.IsAtEnd)
        {
            var step = payload.Index(recording.Stacks.ParentStack.Count - former);
            if (step == 0)
                throw new MalformedPayloadException("names a stack twice");
            former += step;
            recording.Variances.Add((former, new StackVariance
            {
                PeakBytes = Number(ref payload),
                PeakBlocks = Number(ref payload),
                EndBytes = Number(ref payload),
                EndBlocks = Number(ref payload),
                TotalBytes = Number(ref payload),
                TotalBlocks = Number(ref payload),
            }));
        }
    }

    private static double Number(ref PayloadReader payload)
    {
        var number = BitConverter.UInt64BitsToDouble(payload.Number());
        return double.IsFinite(number) && number >= 0 ? number : throw new MalformedPayloadException("holds a variance that is none");
    }
}
