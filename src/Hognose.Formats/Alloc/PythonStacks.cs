namespace Hognose.Formats.Alloc;

/// <summary>Takes C frames out of a recording's stacks: those that then are the same become one.</summary>
internal static class PythonStacks
{
    public static RecordingSummary Of(RecordingSummary recording)
    {
        var (stacks, reduced) = Reduce(recording.Stacks);
        var usage = new StackUsage[stacks.Count];
        for (var stack = 0; stack < recording.Usage.Length; stack++)
            usage[reduced[stack]] = usage[reduced[stack]].Plus(recording.Usage[stack]);
        var variances = new StackVariance[recording.Variances.Length == 0 ? 0 : stacks.Count];
        for (var stack = 0; stack < recording.Variances.Length; stack++)
            variances[reduced[stack]] = variances[reduced[stack]].Plus(recording.Variances[stack]);
        return recording with
        {
            Stacks = stacks,
            Usage = usage,
            Variances = variances,
            Spread = recording.Spread is { } spread ? spread with { Parts = [.. spread.Parts.Select(part => part with { Stack = reduced[part.Stack] })] } : null,
            SurvivingTypes =
            [
                .. recording.SurvivingTypes.GroupBy(each => (Stack: reduced[each.Stack], each.Type))
                    .Select(group => new SurvivingType(group.Key.Stack, group.Key.Type, group.Sum(each => each.Blocks), group.Sum(each => each.Bytes))),
            ],
            SurvivorHolders =
            [
                .. recording.SurvivorHolders.GroupBy(each => (Stack: reduced[each.Stack], each.HeldBy))
                    .Select(group => new SurvivorHolder(group.Key.Stack, group.Key.HeldBy, group.Sum(each => each.Objects), group.Sum(each => each.Bytes))),
            ],
        };
    }

    /// <returns>The table, and from each stack to the one that is left of it.</returns>
    private static (StackTable Stacks, int[] Reduced) Reduce(StackTable stacks)
    {
        var left = new StackInterner();
        var reduced = new int[stacks.Count];
        var frames = new int[stacks.Frames.Count]; // 0: not yet asked for
        // Callers come first.
        for (var stack = 1; stack < stacks.Count; stack++)
        {
            var (parent, frame) = (reduced[stacks.ParentStack[stack]], stacks.InnermostFrame[stack]);
            if (!stacks.Frames[frame].IsC && frames[frame] == 0)
                frames[frame] = left.FrameOf(stacks.Frames[frame]);
            reduced[stack] = stacks.Frames[frame].IsC ? parent : left.StackOf(parent, frames[frame]);
        }
        return (left.ToTable(), reduced);
    }
}
