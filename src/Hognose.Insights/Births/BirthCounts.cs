using Hognose.Formats.Alloc;
using Hognose.Formats.Heap;

namespace Hognose.Insights.Births;

/// <summary>Where objects were allocated.</summary>
/// <param name="Stack">The frames, innermost first.</param>
/// <param name="Objects">Of those asked about, how many were allocated there.</param>
public sealed record BirthPlace(IReadOnlyList<SourceFrame> Stack, long Objects);

/// <summary>Counts objects by the stack that allocated them.</summary>
internal sealed class BirthCounts
{
    /// <summary>Frames told of a stack: a reader wants the line and who called it.</summary>
    private const int Frames = 32;

    private readonly Dictionary<int, long> _byStack = [];

    /// <param name="stack">-1: not known.</param>
    public void Add(int stack)
    {
        if (stack > 0)
            _byStack[stack] = _byStack.GetValueOrDefault(stack) + 1;
    }

    /// <summary>Null when no object's birth is known.</summary>
    public BirthPlace? Commonest(HeapFileBirths? births)
    {
        if (births is null || _byStack.Count == 0)
            return null;
        var (stack, objects) = _byStack.OrderByDescending(each => each.Value).ThenBy(each => each.Key).First();
        return new BirthPlace(FramesOf(births.Stacks, stack), objects);
    }

    private static List<SourceFrame> FramesOf(StackTable stacks, int stack)
    {
        var frames = new List<SourceFrame>();
        for (stack = stacks.OfPython(stack); stack > 0 && frames.Count < Frames; stack = stacks.ParentStack[stack])
            frames.Add(stacks.Frames[stacks.InnermostFrame[stack]]);
        return frames;
    }
}
