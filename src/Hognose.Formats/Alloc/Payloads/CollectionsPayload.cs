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
            var (moment, kind) = (payload.MomentAfter(collections.Count == 0 ? 0 : collections[^1].Nanoseconds), payload.Index(8));
            collections.Add(new CollectionGroup(moment, kind >> 1, payload.Count(), payload.Count(), payload.Count(), payload.Count(), (kind & Exact) != 0));
        }
    }
}
