using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>A frame of a stack that a tree shows.</summary>
/// <param name="LeftOut">Frames between this one and the next one further out that is shown.</param>
internal readonly record struct KeptFrame(int Frame, int LeftOut);

/// <summary>
/// Which frames of a stack does a reader need? The program's own and the one that allocated; of a stack of libraries alone also the outermost. Python's
/// import machinery is on the way to every module and says nothing of it.
/// </summary>
/// <param name="whole">All of them are wanted.</param>
internal sealed class KeptFrames(StackTable stacks, bool whole)
{
    private readonly bool[] _isLibrary = [.. stacks.Frames.Select(frame => LibraryCode.Holds(frame.File, outermost: false))];
    private readonly List<KeptFrame> _kept = [];

    /// <summary>Innermost first. The list is used again by the next call.</summary>
    public IReadOnlyList<KeptFrame> Of(int stack)
    {
        _kept.Clear();
        var (leftOut, hasOwn, outermost, innerOfOutermost) = (0, false, -1, 0);
        var asking = stacks.IsNative(stack) ? stacks.ParentStack[stack] : stack;
        for (var at = asking; at != 0; at = stacks.ParentStack[at])
        {
            var frame = stacks.InnermostFrame[at];
            var isOwn = !_isLibrary[frame] || (stacks.OfPython(stacks.ParentStack[at]) == 0 && !LibraryCode.Holds(stacks.Frames[frame].File, outermost: true));
            if (whole || isOwn || at == asking || stacks.Frames[frame].IsC)
            {
                Close(leftOut);
                _kept.Add(new KeptFrame(frame, 0));
                // Among C frames the outermost one of a library would stand in the wrong place.
                (leftOut, hasOwn) = (0, hasOwn || isOwn || stacks.Frames[frame].IsC);
                continue;
            }
            leftOut++;
            if (!stacks.Frames[frame].File.StartsWith("<frozen ", StringComparison.Ordinal))
                (outermost, innerOfOutermost) = (frame, leftOut - 1);
        }
        if (hasOwn || outermost < 0)
            return _kept;
        Close(innerOfOutermost);
        _kept.Add(new KeptFrame(outermost, 0));
        return _kept;
    }

    private void Close(int leftOut)
    {
        if (_kept.Count > 0)
            _kept[^1] = _kept[^1] with { LeftOut = leftOut };
    }
}
