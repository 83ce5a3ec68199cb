using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// Where objects were allocated, in the order of the objects: runs of one stack. How many objects, then the zigzag distance of (stack + 1) from the
/// former run's; 0 in the place of stack + 1 for objects of which it is not known. The first run is counted from 0.
/// </summary>
internal static class BirthsPayload
{
    public static void Write(BlockWriter blocks, int[] stacks)
    {
        blocks.Begin(BlockType.Births);
        var former = 0;
        for (var node = 0; node < stacks.Length;)
        {
            var start = node;
            while (node < stacks.Length && stacks[node] == stacks[start])
                node++;
            blocks.Payload.Count(node - start);
            blocks.Payload.Number(ZigZag.Encode(stacks[start] + 1 - former));
            blocks.EntryDone();
            former = stacks[start] + 1;
        }
        blocks.Finish();
    }

    /// <summary>Fills <paramref name="births"/> on; -1: not known.</summary>
    public static void Read(ref PayloadReader payload, StackColumns stacks, List<int> births, int nodes)
    {
        while (!payload.IsAtEnd)
        {
            var count = payload.Count();
            var former = births.Count == 0 ? 0 : births[^1] + 1;
            var stack = former + ZigZag.Decode(payload.Number());
            if (count > nodes - births.Count || stack < 0 || stack > stacks.ParentStack.Count)
                throw new MalformedPayloadException("says where more objects were born than there are, or at a stack that is not there");
            for (; count > 0; count--)
                births.Add((int)stack - 1);
        }
    }
}
