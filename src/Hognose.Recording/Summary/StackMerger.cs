using Hognose.Formats.Ring;
using Hognose.Recording.Ring;

namespace Hognose.Recording.Summary;

/// <summary>A frame of C code: its frame in the summary, those of functions that were inlined there, the outermost first, and what it is to CPython's evaluation loop (<see cref="Ring.NativeSymbol"/>).</summary>
internal readonly record struct CFrame(int Frame, int[] Inlined, bool IsEvaluation, bool IsWithinEvaluation, bool IsNamed);

/// <summary>
/// From a pair of stacks of one moment, Python's and C's, to one: in place of each call of the evaluation loop (3.12+: where C's stack says that one began) stand the Python frames that it runs. Those
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
    private static readonly int[] NoFrames = [];

    private readonly Dictionary<Step, int> _known = [];
    private readonly List<(Step At, int Frame, int[] Inlined)> _way = [];

    /// <summary>Two stacks that have their outer frames in common are merged once as far as these reach.</summary>
    public int Merge(uint python, uint native, EvaluationMark mark)
    {
        _way.Clear();
        var at = new Step(python, native, Next.C);
        int stack;
        while (!_known.TryGetValue(at, out stack))
        {
            if (at is { Native: 0, Next: not Next.Python })
            {
                stack = pythonStackOf(at.Python);
                break;
            }
            var inlined = NoFrames;
            var next = at.Next == Next.Python ? PythonStep(at, mark, out var frame) : NativeStep(at, mark, out frame, out inlined);
            _way.Add((at, frame, inlined));
            at = next;
        }
        for (var i = _way.Count - 1; i >= 0; i--)
        {
            var (step, frame, inlined) = _way[i];
            stack = frame == NoFrame ? stack : stackOf(stack, frame);
            foreach (var inner in inlined)
                stack = stackOf(stack, inner);
            _known[step] = stack;
        }
        return stack;
    }

    private Step NativeStep(Step at, EvaluationMark mark, out int frame, out int[] inlined)
    {
        var caller = ParentOf(at.Native);
        (frame, inlined) = (NoFrame, NoFrames);
        if (nodes[at.Native].CodeId == StackNode.EvaluationEntry)
            return new Step(at.Python, caller, at.Python == 0 ? Next.Loop : Next.Python);
        var native = cFrameOf(at.Native);
        if (mark != EvaluationMark.OfBoth && native.IsEvaluation && at.Python != 0)
            return new Step(at.Python, caller, Next.Python);
        // The compiler may have put the loop where no symbol names it (Debian's 3.14 and 3.15: all but 844 bytes of it), or within its caller, which is told.
        var isLoop = mark == EvaluationMark.OfBoth && (native.IsEvaluation || (at.Next == Next.Loop && !native.IsNamed));
        if (!isLoop && !native.IsWithinEvaluation)
            (frame, inlined) = (native.Frame, native.Inlined);
        return new Step(at.Python, caller, Next.C);
    }

    private Step PythonStep(Step at, EvaluationMark mark, out int frame)
    {
        var isMark = at.Python == 0 || nodes[at.Python].CodeId == StackNode.EvaluationEntry;
        frame = isMark ? NoFrame : pythonFrameOf(at.Python);
        var isLast = isMark || mark == EvaluationMark.EachFrame;
        return new Step(ParentOf(at.Python), at.Native, !isLast ? Next.Python : mark == EvaluationMark.OfBoth ? Next.Loop : Next.C);
    }

    private uint ParentOf(uint node)
    {
        // Of one look: the program may write there at any time.
        var parent = Volatile.Read(ref nodes[node].Parent);
        return parent < node ? parent : 0;
    }

    /// <summary>What the next frame further out is.</summary>
    private enum Next
    {
        C,

        /// <summary>C code, the function in which the evaluation began.</summary>
        Loop,
        Python,
    }

    private readonly record struct Step(uint Python, uint Native, Next Next);
}
