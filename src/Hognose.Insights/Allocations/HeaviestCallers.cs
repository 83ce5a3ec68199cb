using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>
/// Through whom did a site get its bytes? Follows the heaviest caller outwards. Frames of libraries are passed over as long as the
/// program's own code stands further out, because that is the line its author can change; so are repeats of a recursion.
/// </summary>
internal static class HeaviestCallers
{
    private const int Depth = 2;

    public static Dictionary<int, List<SiteCaller>> Of(
        RecordingSummary recording, RecordingView view, SitePlaces places, List<int> sites)
    {
        var branches = sites.Where(site => site >= 0).ToDictionary(site => site, _ => new List<Branch>());
        for (var stack = 1; stack < recording.Usage.Length; stack++)
        {
            var bytes = view.Of(recording.Usage[stack]).Bytes;
            var asking = recording.Stacks.OfPython(stack);
            if (bytes > 0 && asking != 0 && branches.TryGetValue(places.Of(recording.Stacks.InnermostFrame[asking]), out var list))
                list.Add(new Branch(asking, bytes, 0));
        }
        return branches.ToDictionary(pair => pair.Key, pair => Follow(recording.Stacks, pair.Value));
    }

    private static List<SiteCaller> Follow(StackTable stacks, List<Branch> branches)
    {
        var callers = new List<SiteCaller>();
        while (callers.Count < Depth)
        {
            var outer = branches.ConvertAll(branch => StepOut(stacks, branch)).FindAll(branch => branch.Stack != 0);
            if (outer.Count == 0)
                break;
            var heaviest = outer.GroupBy(branch => stacks.InnermostFrame[branch.Stack]).MaxBy(group => group.Sum(branch => branch.Bytes))!;
            branches = [.. heaviest];
            callers.Add(new SiteCaller(stacks.Frames[heaviest.Key], branches.Sum(branch => branch.Bytes), branches.Min(branch => branch.Between)));
        }
        return callers;
    }

    /// <summary>The nearest caller worth naming; stack 0 when there is none.</summary>
    private static Branch StepOut(StackTable stacks, Branch branch)
    {
        var own = stacks.Frames[stacks.InnermostFrame[branch.Stack]];
        var nearest = new Branch(0, branch.Bytes, 0);
        var between = 0;
        for (var stack = stacks.ParentStack[branch.Stack]; stack != 0; stack = stacks.ParentStack[stack], between++)
        {
            var frame = stacks.Frames[stacks.InnermostFrame[stack]];
            if (LibraryCode.IsLauncher(frame.File))
                break;
            if (IsSameFunction(frame, own))
                continue;
            if (!LibraryCode.Holds(frame.File, outermost: stacks.ParentStack[stack] == 0))
                return new Branch(stack, branch.Bytes, between);
            // Python's import machinery is on the way to every module and says nothing of it.
            if (nearest.Stack == 0 && !frame.File.StartsWith("<frozen importlib", StringComparison.Ordinal))
                nearest = new Branch(stack, branch.Bytes, between);
        }
        return nearest;
    }

    private static bool IsSameFunction(SourceFrame one, SourceFrame other) =>
        one.FirstLine == other.FirstLine && one.File == other.File && one.Function == other.Function;

    private readonly record struct Branch(int Stack, long Bytes, int Between);
}
