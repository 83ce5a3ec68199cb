using System.IO.Enumeration;
using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>What did certain modules allocate themselves? The recording without the stacks whose innermost frame lies elsewhere; its facts stay the program's.</summary>
public static class ModuleFilter
{
    /// <param name="globs">A module is taken when one of them fits its name, or the end of it from a dot on.</param>
    public static RecordingSummary Apply(RecordingSummary recording, IReadOnlyList<string> globs)
    {
        var names = ModuleNames.Of(recording);
        var fits = new bool?[recording.Stacks.Frames.Count];
        var usage = new StackUsage[recording.Usage.Length];
        var variances = new StackVariance[recording.Variances.Length];
        for (var stack = 1; stack < usage.Length; stack++)
        {
            var asking = recording.Stacks.OfPython(stack);
            if (asking == 0)
                continue;
            var frame = recording.Stacks.InnermostFrame[asking];
            if (!(fits[frame] ??= Fits(names.Of(recording.Stacks.Frames[frame].File), globs)))
                continue;
            usage[stack] = recording.Usage[stack];
            if (stack < variances.Length)
                variances[stack] = recording.Variances[stack];
        }
        return recording with { Usage = usage, Variances = variances };
    }

    /// <summary>Modules that allocated, the one with the most first.</summary>
    public static IReadOnlyList<string> Modules(RecordingSummary recording) =>
        [.. SiteRanker.Rank(recording, RecordingView.All, SiteGrouping.Module, int.MaxValue).Sites.Select(site => site.Label).OfType<string>()];

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
