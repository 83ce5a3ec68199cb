using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;
using Hognose.Heap;

namespace Hognose.Insights.Births;

/// <summary>Where objects were allocated.</summary>
/// <param name="Stack">The frames, innermost first.</param>
/// <param name="Objects">Of those asked about, how many were allocated there.</param>
/// <param name="Youngest">Milliseconds from the allocation of the youngest of those to the snapshot; -1: not known.</param>
/// <param name="Oldest">The same of the oldest.</param>
public sealed record BirthPlace(IReadOnlyList<SourceFrame> Stack, long Objects, int Youngest, int Oldest)
{
    /// <summary>Only births of samples are known: of so many of those asked about. 0: of all that were allocated while they were recorded.</summary>
    public long OfSamples { get; init; }
}

/// <summary>Counts objects by the stack that allocated them.</summary>
internal sealed class BirthCounts
{
    /// <summary>Frames told of a stack: a reader wants the line and who called it.</summary>
    private const int Frames = 32;

    private readonly Dictionary<int, (long Objects, int Youngest, int Oldest)> _byStack = [];

    public void Add(HeapFileBirths births, NodeId node)
    {
        var (stack, age) = (births.StackOfNode[node.Value], births.AgeOfNode[node.Value]);
        if (stack <= 0)
            return;
        var (objects, youngest, oldest) = _byStack.GetValueOrDefault(stack, (0, age, age));
        _byStack[stack] = (objects + 1, Math.Min(youngest, age), Math.Max(oldest, age));
    }

    /// <summary>Null when no object's birth is known.</summary>
    public BirthPlace? Commonest(HeapFileBirths? births)
    {
        if (births is null || _byStack.Count == 0)
            return null;
        var (stack, born) = _byStack.OrderByDescending(each => each.Value.Objects).ThenBy(each => each.Key).First();
        return new BirthPlace(FramesOf(births.Stacks, stack), born.Objects, born.Youngest, born.Oldest)
        {
            OfSamples = births.SampleBytes > 0 ? _byStack.Values.Sum(each => each.Objects) : 0,
        };
    }

    private static List<SourceFrame> FramesOf(StackTable stacks, int stack)
    {
        var frames = new List<SourceFrame>();
        for (stack = stacks.OfPython(stack); stack > 0 && frames.Count < Frames; stack = stacks.ParentStack[stack])
            if (!stacks.Frames[stacks.InnermostFrame[stack]].IsC)
                frames.Add(stacks.Frames[stacks.InnermostFrame[stack]]);
        return frames;
    }
}
