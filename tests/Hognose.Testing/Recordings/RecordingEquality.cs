using Hognose.Formats.Alloc;

namespace Hognose.Testing.Recordings;

/// <summary>Whether two recordings say the same, member by member (records compare lists by reference).</summary>
public static class RecordingEquality
{
    /// <returns>The first difference in words; null when there is none.</returns>
    public static string? Difference(RecordingSummary one, RecordingSummary other)
    {
        if (!one.Facts.CommandLine.SequenceEqual(other.Facts.CommandLine))
            return "command line";
        if (one.Facts != other.Facts with { CommandLine = one.Facts.CommandLine })
            return $"facts: {one.Facts} and {other.Facts}";
        if (!one.Stacks.Frames.SequenceEqual(other.Stacks.Frames))
            return "frames";
        if (!one.Stacks.ParentStack.AsSpan().SequenceEqual(other.Stacks.ParentStack))
            return "callers";
        if (!one.Stacks.InnermostFrame.AsSpan(1).SequenceEqual(other.Stacks.InnermostFrame.AsSpan(1)))
            return "innermost frames";
        if (!one.Usage.SequenceEqual(other.Usage))
            return "usage";
        if (!one.SurvivingTypes.SequenceEqual(other.SurvivingTypes))
            return "surviving types";
        if (!one.SurvivorHolders.SequenceEqual(other.SurvivorHolders))
            return "holders of survivors";
        if (!one.Collections.SequenceEqual(other.Collections))
            return "collections";
        if (!one.Marks.SequenceEqual(other.Marks))
            return "marks";
        return one.Timeline.SequenceEqual(other.Timeline) ? null : "timeline";
    }
}
