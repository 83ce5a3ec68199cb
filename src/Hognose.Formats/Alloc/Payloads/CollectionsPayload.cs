using Hognose.Formats.Blocks;

namespace Hognose.Formats.Alloc.Payloads;

/// <summary>The collector at work (<c>GCOL</c>), in the order of time.</summary>
internal static class CollectionsPayload
{
    private const int Exact = 1;

    public static void Write(BlockBuilder blocks, IReadOnlyList<CollectionGroup> collections)
    {
        blocks.Begin(BlockType.Collections);
        var former = 0L;
        foreach (var group in collections)
        {
            blocks.Payload.Count(group.Nanoseconds - former);
            blocks.Payload.Count((group.Generation << 1) | (group.IsExact ? Exact : 0));
            blocks.Payload.Count(group.Collections);
            blocks.Payload.Count(group.Collected);
            blocks.Payload.Count(group.Uncollectable);
            blocks.Payload.Count(group.PauseNanoseconds);
            blocks.EntryDone();
            former = group.Nanoseconds;
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<CollectionGroup> collections)
    {
        while (!payload.IsAtEnd)
        {
            StackColumns.CheckRoom(collections.Count);
            var (step, kind) = (payload.Count(), payload.Index(8));
            var former = collections.Count == 0 ? 0 : collections[^1].Nanoseconds;
            if (step > long.MaxValue - former)
                throw new MalformedPayloadException("names a time that does not exist");
            collections.Add(new CollectionGroup(former + step, kind >> 1, payload.Count(), payload.Count(), payload.Count(), payload.Count(), (kind & Exact) != 0));
        }
    }
}
