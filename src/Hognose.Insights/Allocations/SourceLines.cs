using Hognose.Formats.Alloc;

namespace Hognose.Insights.Allocations;

/// <summary>What one line of a file allocated. Bytes; exact, of samples an estimate.</summary>
/// <param name="Freed">Of what it allocated, what was freed before the end.</param>
/// <param name="AtPeak">Held when the whole program held the most.</param>
public readonly record struct LineUsage(int Line, long Allocated, long Blocks, long Freed, long AtPeak)
{
    /// <summary>Still held at the end.</summary>
    public long Net => Allocated - Freed;

    /// <summary>Of what was allocated, is still held and was held at the high-water mark; zero where every allocation was recorded.</summary>
    public StackVariance Variance { get; init; }
}

/// <summary>A file of the program and its lines that allocated, in the order of the file.</summary>
/// <param name="Total">All of its lines together, what passes through several of them counted once.</param>
public sealed record SourceUsage(string File, IReadOnlyList<LineUsage> Lines, LineUsage Total);

/// <summary>Which lines of the source allocated, and what became of it?</summary>
public static class SourceLines
{
    /// <param name="own">true: only what a line allocated itself. false: also what it called, each stack counted once a line, so that recursion
    /// counts nothing twice; then a caller's line holds its callee's bytes, and lines don't add up.</param>
    /// <returns>Every file, the one with the most at the high-water mark first; of equal ones by name.</returns>
    public static IReadOnlyList<SourceUsage> Of(RecordingSummary recording, bool own)
    {
        var lines = new Dictionary<(string File, int Line), LineUsage>();
        var files = new Dictionary<string, LineUsage>();
        var seenLines = new HashSet<(string, int)>();
        var seenFiles = new HashSet<string>();
        for (var stack = 1; stack < recording.Usage.Length; stack++)
        {
            var usage = recording.Usage[stack];
            var variance = stack < recording.Variances.Length ? recording.Variances[stack] : default;
            if (usage.IsEmpty)
                continue;
            seenLines.Clear();
            seenFiles.Clear();
            for (var at = recording.Stacks.OfPython(stack); at != 0; at = own ? 0 : recording.Stacks.ParentStack[at])
            {
                var frame = recording.Stacks.Frames[recording.Stacks.InnermostFrame[at]];
                if (seenLines.Add((frame.File, frame.Line)))
                    lines[(frame.File, frame.Line)] = Plus(lines.GetValueOrDefault((frame.File, frame.Line)), usage, variance, frame.Line);
                if (seenFiles.Add(frame.File))
                    files[frame.File] = Plus(files.GetValueOrDefault(frame.File), usage, variance, 0);
            }
        }
        return [.. lines.GroupBy(each => each.Key.File)
            .Select(file => new SourceUsage(file.Key, [.. file.Select(each => each.Value).OrderBy(line => line.Line)], files[file.Key]))
            .OrderByDescending(file => file.Total.AtPeak).ThenBy(file => file.File, StringComparer.Ordinal)];
    }

    private static LineUsage Plus(LineUsage sum, StackUsage usage, StackVariance variance, int line) => new(
        line,
        sum.Allocated + usage.TotalBytes,
        sum.Blocks + usage.TotalBlocks,
        sum.Freed + usage.TotalBytes - usage.EndBytes,
        sum.AtPeak + usage.PeakBytes)
    {
        Variance = sum.Variance.Plus(variance),
    };
}
