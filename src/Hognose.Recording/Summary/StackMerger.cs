using Hognose.Formats.Ring;

namespace Hognose.Recording.Summary;

/// <summary>A frame of C code: its frame in the summary, and whether it is CPython's evaluation loop.</summary>
internal readonly record struct CFrame(int Frame, bool IsEvaluation, bool IsWithinEvaluation);

/// <summary>
/// From a pair of stacks of one moment, Python's and C's, to one: in place of each call of the evaluation loop stand the Python frames that it runs. Those
/// reach up to an <see cref="StackNode.EvaluationEntry"/>, or are one (≤ 3.10).
/// </summary>
/// <param name="nodes">May be anything: a parent that does not come before its child is none.</param>
/// <param name="pythonStackOf">From a node of Python's to the stack without C frames.</param>
/// <param name="pythonFrameOf">From a node of Python's to its frame.</param>
/// <param name="cFrameOf">From a node of C code's to its frame.</param>
/// <param name="stackOf">From a caller's stack and a frame to the stack of both.</param>
internal sealed unsafe class StackMerger(
    StackNode* nodes, Func<uint, int> pythonStackOf, Func<uint, int> pythonFrameOf, Func<uint, CFrame> cFrameOf, Func<int, int, int> stackOf)
{
    private const int NoFrame = -1;

    private readonly Dictionary<Step, int> _known = [];
    private readonly List<(Step At, int Frame)> _way = [];

    /// <summary>Two stacks that have their outer frames in common are merged once as far as these reach.</summary>
    public int Merge(uint python, uint native, bool everyFrameIsEntry)
    {
        _way.Clear();
        var at = new Step(python, native, false);
        int stack;
        while (!_known.TryGetValue(at, out stack))
        {
            if (at is { Native: 0, IsInEvaluation: false })
            {
                stack = pythonStackOf(at.Python);
                break;
            }
            var next = at.IsInEvaluation ? PythonStep(at, everyFrameIsEntry, out var frame) : NativeStep(at, out frame);
            _way.Add((at, frame));
            at = next;
        }
        for (var i = _way.Count - 1; i >= 0; i--)
        {
            var (step, frame) = _way[i];
            stack = frame == NoFrame ? stack : stackOf(stack, frame);
            _known[step] = stack;
        }
        return stack;
    }

    private Step NativeStep(Step at, out int frame)
    {
        var native = cFrameOf(at.Native);
        var isPythons = native.IsEvaluation && at.Python != 0;
        frame = isPythons || native.IsWithinEvaluation ? NoFrame : native.Frame;
        return new Step(at.Python, ParentOf(at.Native), isPythons);
    }

    private Step PythonStep(Step at, bool everyFrameIsEntry, out int frame)
    {
        var isMark = at.Python == 0 || nodes[at.Python].CodeId == StackNode.EvaluationEntry;
        frame = isMark ? NoFrame : pythonFrameOf(at.Python);
        return new Step(ParentOf(at.Python), at.Native, !isMark && !everyFrameIsEntry);
    }

    private uint ParentOf(uint node) => nodes[node].Parent < node ? nodes[node].Parent : 0;

    /// <param name="IsInEvaluation">The next frame further out is Python's; else C code's.</param>
    private readonly record struct Step(uint Python, uint Native, bool IsInEvaluation);
}
