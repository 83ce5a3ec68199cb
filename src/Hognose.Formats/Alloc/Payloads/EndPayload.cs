using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>What a whole recording must have held; the last block. Blocks that this reader skipped count as well.</summary>
internal readonly record struct EndPayload(int Blocks, uint Chain, int Strings, int Frames, int Stacks, int Usages, int Moments)
{
    public static EndPayload Of(RecordingSummary recording, int strings, BlockWriter blocks) => new(
        blocks.Blocks,
        blocks.Chain,
        strings,
        recording.Stacks.Frames.Count,
        recording.Stacks.Count,
        recording.Usage.Count(usage => usage != default),
        recording.Timeline.Count);

    public static void Write(BlockWriter blocks, EndPayload end)
    {
        blocks.Begin(BlockType.End);
        blocks.Payload.Count(end.Blocks);
        blocks.Payload.Number(end.Chain);
        blocks.Payload.Count(end.Strings);
        blocks.Payload.Count(end.Frames);
        blocks.Payload.Count(end.Stacks);
        blocks.Payload.Count(end.Usages);
        blocks.Payload.Count(end.Moments);
        blocks.Finish();
    }

    /// <summary>A later addition may append numbers; they are not read.</summary>
    public static EndPayload Read(ref PayloadReader payload) =>
        new(payload.Int32(), (uint)payload.Number(), payload.Int32(), payload.Int32(), payload.Int32(), payload.Int32(), payload.Int32());

    /// <exception cref="MalformedPayloadException">A block is missing, doubled or out of order.</exception>
    public void Verify(RecordingBuilder recording, BlockReader blocks)
    {
        var read = new EndPayload(
            blocks.Blocks - 1,
            blocks.Chain,
            recording.Stacks.Strings.Count,
            recording.Stacks.Frames.Count,
            recording.Stacks.ParentStack.Count,
            recording.Usage.Count,
            recording.Timeline.Count);
        if (read != this)
            throw new MalformedPayloadException($"says that other blocks should stand before it ({Blocks} blocks; {read.Blocks} were read)");
    }
}
