using Hognose.Formats.Alloc;

namespace Hognose.Insights.Families;

/// <summary>The stacks of several recordings in one table, each stack once.</summary>
internal sealed class StackMerger
{
    private const int NoFrame = -1;

    private readonly Dictionary<SourceFrame, int> _frameNumbers = [];
    private readonly Dictionary<(int Parent, int Frame), int> _stackNumbers = [];
    private readonly List<SourceFrame> _frames = [];
    private readonly List<int> _parents = [0];
    private readonly List<int> _innermost = [NoFrame];

    /// <summary>Of each stack of a table, its number here.</summary>
    /// <param name="stacks">Callers come before what they call, as files have them.</param>
    /// <param name="outermost">Called all of them; null: nobody did.</param>
    public int[] Add(StackTable stacks, SourceFrame? outermost)
    {
        var frames = stacks.Frames.Select(NumberOf).ToArray();
        var numbers = new int[stacks.Count];
        numbers[0] = outermost is null ? 0 : StackOf(0, NumberOf(outermost));
        for (var stack = 1; stack < numbers.Length; stack++)
            numbers[stack] = StackOf(numbers[stacks.ParentStack[stack]], frames[stacks.InnermostFrame[stack]]);
        return numbers;
    }

    public int Count => _parents.Count;

    public StackTable ToTable() => new(_frames, [.. _parents], [.. _innermost]);

    private int NumberOf(SourceFrame frame)
    {
        if (!_frameNumbers.TryGetValue(frame, out var number))
        {
            _frameNumbers[frame] = number = _frames.Count;
            _frames.Add(frame);
        }
        return number;
    }

    private int StackOf(int parent, int frame)
    {
        if (!_stackNumbers.TryGetValue((parent, frame), out var number))
        {
            _stackNumbers[(parent, frame)] = number = _parents.Count;
            _parents.Add(parent);
            _innermost.Add(frame);
        }
        return number;
    }
}
