using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>A block that lived at the end: how far its address stands behind the former one's, its stack, its size, milliseconds from the begin to its allocation.</summary>
internal static class LivePayload
{
    /// <param name="blocks">Where to.</param>
    /// <param name="survivors">By address.</param>
    public static void Write(BlockBuilder blocks, IEnumerable<Survivor> survivors)
    {
        var former = 0UL;
        blocks.Begin(BlockType.Live);
        foreach (var one in survivors)
        {
            blocks.Payload.Number(one.Address - former);
            blocks.Payload.Count(one.Stack);
            blocks.Payload.Count(one.Size);
            blocks.Payload.Count(one.BornMilliseconds);
            blocks.EntryDone();
            former = one.Address;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, int stacks, List<Survivor> survivors)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(survivors.Count);
            var former = survivors.Count == 0 ? 0 : survivors[^1].Address;
            survivors.Add(new Survivor(former + payload.Number(), payload.Index(stacks), payload.Count(), payload.Count()));
        }
    }
}
