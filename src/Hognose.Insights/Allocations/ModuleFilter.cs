using System.IO.Enumeration;
using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>What did certain modules allocate themselves? The recording without the stacks whose innermost frame lies elsewhere; its facts stay the program's.</summary>
public static class ModuleFilter
{
    /// <param name="globs">A module is taken when one of them fits its name, or the end of it from a dot on; the program's main module also as <c>__main__</c>.</param>
    public static RecordingSummary Apply(RecordingSummary recording, IReadOnlyList<string> globs)
    {
        var fits = FittingStacks(recording, globs);
        var usage = new StackUsage[recording.Usage.Length];
        var variances = new StackVariance[recording.Variances.Length];
        for (var stack = 1; stack < usage.Length; stack++)
        {
            if (!fits[stack])
                continue;
            usage[stack] = recording.Usage[stack];
            if (stack < variances.Length)
                variances[stack] = recording.Variances[stack];
        }
        return recording with
        {
            Usage = usage,
            Variances = variances,
            SurvivingTypes = [.. recording.SurvivingTypes.Where(each => fits[each.Stack])],
            SurvivorHolders = [.. recording.SurvivorHolders.Where(each => fits[each.Stack])],
            Spread = recording.Spread is { } spread ? spread with { Parts = [.. spread.Parts.Where(part => fits[part.Stack])] } : null,
        };
    }

    private static bool[] FittingStacks(RecordingSummary recording, IReadOnlyList<string> globs)
    {
        var names = ModuleNames.Of(recording);
        var main = MainModule.FilesOf(recording.Stacks);
        var frames = new bool?[recording.Stacks.Frames.Count];
        var fits = new bool[recording.Stacks.Count];
        for (var stack = 1; stack < fits.Length; stack++)
            if (recording.Stacks.OfPython(stack) is not 0 and var asking)
            {
                var frame = recording.Stacks.InnermostFrame[asking];
                var file = recording.Stacks.Frames[frame].File;
                fits[stack] = frames[frame] ??= Fits(names.Of(file), globs) || (main.Contains(file) && Fits(MainModule.Name, globs));
            }
        return fits;
    }

    /// <summary>Modules that allocated, the one with the most first, and then those that only hold what they allocated before the window.</summary>
    public static IReadOnlyList<string> Modules(RecordingSummary recording) =>
        [.. Modules(recording, RecordingView.All).Concat(Modules(recording, RecordingView.HighWater)).Distinct()];

    private static IEnumerable<string> Modules(RecordingSummary recording, RecordingView view) =>
        SiteRanker.Rank(recording, view, SiteGrouping.Module, int.MaxValue).Sites.Select(site => site.Label).OfType<string>();

    private static bool Fits(string name, IReadOnlyList<string> globs)
    {
        foreach (var glob in globs)
            for (var start = 0; ;)
            {
                if (FileSystemName.MatchesSimpleExpression(glob, name.AsSpan(start), ignoreCase: false))
                    return true;
                var dot = name.IndexOf('.', start);
                if (dot < 0)
                    break;
                start = dot + 1;
            }
        return false;
    }
}
