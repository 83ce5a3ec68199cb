using Hognose.Formats.Alloc;
using Hognose.Heap;
using Hognose.Insights.Holding;

namespace Hognose.Insights.Births;

/// <summary>Who holds what the lines that left the most behind have allocated.</summary>
public static class SurvivorHolders
{
    /// <summary>Lines that are asked for: reports show ten of them, and each way to an object is a walk.</summary>
    private const int Lines = 40;

    /// <summary>Of a line.</summary>
    private const int Ways = 3;

    /// <param name="heap">The heap at the end.</param>
    /// <param name="recording">Whose stacks the births are.</param>
    /// <param name="stackOfNode">As <see cref="BirthStacks.Of"/> has it.</param>
    /// <param name="standsFor">By node whose birth is known: how many of its kind it stands for; 1 unless blocks are samples.</param>
    public static IReadOnlyList<SurvivorHolder> Of(HeldHeap heap, RecordingSummary recording, int[] stackOfNode, Func<int, double> standsFor)
    {
        var heaviest = HeaviestStackOfLine(recording);
        var ways = new Dictionary<int, HoldingWays>();
        var shapes = new ShapesOfWays(heap);
        for (var node = 0; node < stackOfNode.Length; node++)
        {
            var stack = stackOfNode[node] < 0 ? 0 : recording.Stacks.OfPython(stackOfNode[node]);
            if (stack == 0 || !heaviest.TryGetValue(recording.Stacks.InnermostFrame[stack], out var line))
                continue;
            if (!ways.TryGetValue(line, out var known))
                ways[line] = known = new HoldingWays(heap);
            known.Add(new NodeId(node), shapes.Of(new NodeId(node)), isWithinAnother: false, standsFor(node));
        }
        return [.. ways.OrderBy(line => line.Key).SelectMany(line => Largest(line.Key, line.Value))];
    }

    /// <summary>By innermost frame: the stack that stands for it, of the frames that held the most.</summary>
    private static Dictionary<int, int> HeaviestStackOfLine(RecordingSummary recording)
    {
        var byFrame = new Dictionary<int, (long Bytes, int Stack, long Most)>();
        for (var stack = 1; stack < recording.Usage.Length; stack++)
        {
            var bytes = recording.Usage[stack].EndBytes;
            var asking = recording.Stacks.OfPython(stack);
            if (bytes == 0 || asking == 0)
                continue;
            var frame = recording.Stacks.InnermostFrame[asking];
            var (sum, heaviest, most) = byFrame.GetValueOrDefault(frame, (0, stack, 0));
            byFrame[frame] = (sum + bytes, bytes > most ? stack : heaviest, Math.Max(most, bytes));
        }
        return byFrame.OrderByDescending(each => each.Value.Bytes).ThenBy(each => each.Key).Take(Lines).ToDictionary(each => each.Key, each => each.Value.Stack);
    }

    private static IEnumerable<SurvivorHolder> Largest(int stack, HoldingWays ways) =>
        ways.Largest(Ways).Select(way => new SurvivorHolder(stack, way.HeldBy, way.Objects, way.Shallow));
}
