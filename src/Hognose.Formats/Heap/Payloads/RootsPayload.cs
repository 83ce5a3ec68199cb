using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>Nodes held from outside, ascending: each the distance from the one before it, the first from -1.</summary>
internal static class RootsPayload
{
    public static void Write(BlockBuilder blocks, int[] roots)
    {
        blocks.Begin(BlockType.Roots);
        var last = -1;
        foreach (var root in roots.Order())
        {
            // A writer may name a root twice; once is enough.
            if (root == last)
                continue;
            blocks.Payload.Count(root - last);
            last = root;
            blocks.EntryDone();
        }
        blocks.Finish();
    }

    public static void Read(ref PayloadReader payload, List<int> roots, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            var last = roots.Count > 0 ? roots[^1] : -1;
            var distance = payload.Count();
            if (distance <= 0 || distance > nodes - 1 - last)
                throw new MalformedPayloadException("names a root that is no object");
            roots.Add(last + (int)distance);
        }
    }
}
