using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Weak references that live: distance from the one before (the first from -1), and how far from it its object stands, zigzag.</summary>
internal static class WeakTargetsPayload
{
    public static void Write(BlockBuilder blocks, IReadOnlyDictionary<int, int> targets)
    {
        blocks.Begin(BlockType.WeakTargets);
        var last = -1;
        foreach (var (node, target) in targets.OrderBy(each => each.Key))
        {
            blocks.Payload.Count(node - last);
            blocks.Payload.Number(ZigZag.Encode(target - node));
            last = node;
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, OptionalBlocks heap, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            var distance = payload.Count();
            if (distance <= 0 || distance > nodes - 1 - heap.LastWeak)
                throw new MalformedPayloadException("names a weak reference that is no object");
            heap.LastWeak += (int)distance;
            var step = ZigZag.Decode(payload.Number());
            if (step < -heap.LastWeak || step >= nodes - heap.LastWeak)
                throw new MalformedPayloadException("names an object that is not there");
            heap.WeakTargets[heap.LastWeak] = heap.LastWeak + (int)step;
        }
    }
}
