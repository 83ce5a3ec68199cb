using Hognose.Formats.Alloc;
using Hognose.Formats.Blocks;

namespace Hognose.Formats.Heap.Payloads;

/// <summary>
/// Where objects were allocated, how old they are, and of samples how large their blocks, in the order of the objects: runs of one stack, of one age in
/// milliseconds, of one size in bytes. How many objects, then the zigzag distance of (stack + 1) from the former run's, or of (age + 1), (size + 1); 0 in the
/// place of that for objects of which it is not known. The first run
/// is counted from 0.
/// </summary>
internal static class BirthsPayload
{
    public static void Write(BlockBuilder blocks, HeapFileBirths births)
    {
        Write(blocks, BlockType.Births, births.StackOfNode);
        Write(blocks, BlockType.Ages, births.AgeOfNode);
        if (births.BlockBytesOfNode.Length > 0)
            Write(blocks, BlockType.BirthBlocks, births.BlockBytesOfNode);
    }

    /// <summary>Fills <paramref name="births"/> on; -1: not known.</summary>
    public static void ReadStacks(ref PayloadReader payload, StackColumns stacks, List<int> births, int nodes) =>
        Read(ref payload, births, nodes, stacks.ParentStack.Count, "says where more objects were born than there are, or at a stack that is not there");

    /// <summary>Fills <paramref name="ages"/> on; -1: not known.</summary>
    public static void ReadAges(ref PayloadReader payload, List<int> ages, int nodes) =>
        Read(ref payload, ages, nodes, int.MaxValue, "says how old more objects are than there are, or an age that is none");

    /// <summary>Fills <paramref name="bytes"/> on; -1: not known.</summary>
    public static void ReadBlocks(ref PayloadReader payload, List<int> bytes, int nodes) =>
        Read(ref payload, bytes, nodes, int.MaxValue, "says how large the blocks of more objects are than there are, or a size that is none");

    private static void Write(BlockBuilder blocks, BlockType type, int[] numbers)
    {
        blocks.Begin(type);
        var former = 0L;
        for (var node = 0; node < numbers.Length;)
        {
            var start = node;
            while (node < numbers.Length && numbers[node] == numbers[start])
                node++;
            blocks.Payload.Count(node - start);
            blocks.Payload.Number(ZigZag.Encode(numbers[start] + 1L - former));
            blocks.EntryDone();
            former = numbers[start] + 1L;
        }
        blocks.Finish();
    }

    private static void Read(ref PayloadReader payload, List<int> numbers, int nodes, int most, string complaint)
    {
        while (!payload.IsAtEnd)
        {
            var count = payload.Count();
            var former = numbers.Count == 0 ? 0 : numbers[^1] + 1L;
            var step = ZigZag.Decode(payload.Number());
            if (count > nodes - numbers.Count || step < -former || step > most - former)
                throw new MalformedPayloadException(complaint);
            for (; count > 0; count--)
                numbers.Add((int)(former + step - 1));
        }
    }
}
