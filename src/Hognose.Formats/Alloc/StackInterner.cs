namespace Hognose.Formats.Alloc;

/// <summary>A table of stacks while it grows: each frame once, each stack once, callers before what they call. Stack 0 is the empty one.</summary>
public sealed class StackInterner
{
    private readonly Dictionary<SourceFrame, int> _frameNumbers = [];
    private readonly Dictionary<(int Parent, int Frame), int> _stackNumbers = [];
    private readonly List<SourceFrame> _frames = [new SourceFrame("", "", 0, 0)];
    private readonly List<int> _parents = [0];
    private readonly List<int> _innermost = [0];

    public int Count => _parents.Count;

    /// <summary>The first is nobody's: the empty stack's.</summary>
    public IReadOnlyList<SourceFrame> Frames => _frames;

    /// <summary>By stack, its caller's.</summary>
    public IReadOnlyList<int> Parents => _parents;

    /// <summary>By stack, its innermost frame.</summary>
    public IReadOnlyList<int> Innermost => _innermost;

    public int FrameOf(SourceFrame source)
    {
        if (_frameNumbers.TryGetValue(source, out var frame))
            return frame;
        frame = _frames.Count;
        _frames.Add(source);
        return _frameNumbers[source] = frame;
    }

    /// <param name="parent">A stack of this table.</param>
    /// <param name="frame">From <see cref="FrameOf"/>.</param>
    public int StackOf(int parent, int frame)
    {
        if (_stackNumbers.TryGetValue((parent, frame), out var stack))
            return stack;
        stack = _parents.Count;
        _parents.Add(parent);
        _innermost.Add(frame);
        return _stackNumbers[(parent, frame)] = stack;
    }

    public StackTable ToTable() => new(_frames, [.. _parents], [.. _innermost]);
}
