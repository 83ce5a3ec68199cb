using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>A family of processes as JSON; docs/formats/family-json.md explains each name.</summary>
public static class FamilyJson
{
    public const int Schema = 1;

    /// <param name="output">Gets it.</param>
    /// <param name="family">What is told.</param>
    /// <param name="unread">Recordings that are missing in it, each with the reason.</param>
    /// <param name="options">Which sites.</param>
    public static void Write(TextWriter output, RecordedFamily family, IReadOnlyList<string> unread, RecordingReportOptions options)
    {
        output.Write(JsonSerializer.Serialize(DocumentOf(family, unread, options), RecordingJson.Context.FamilyReportDocument));
        output.Write('\n');
    }

    private static FamilyReportDocument DocumentOf(RecordedFamily family, IReadOnlyList<string> unread, RecordingReportOptions options)
    {
        var facts = family.Together.Facts;
        RecordingView[] views = options.View is { } one ? [one] : [RecordingView.HighWater, RecordingView.Leaks];
        return new FamilyReportDocument(
            Schema,
            [.. family.Processes.Select(ProcessOf)],
            unread,
            family.SharesClock,
            new FamilyPeakDocument(RecordingJson.Seconds(facts.PeakNanoseconds), facts.PeakBytes, true, family.OverTime.PeakProcesses),
            family.Total.PeakBytes,
            family.Total.EndBytes,
            RecordingJson.Seconds(facts.DurationNanoseconds),
            facts.Allocations,
            facts.SampleBytes > 0 ? facts.SampleBytes : null,
            options.Modules.Count == 0 ? null : options.Modules,
            [.. views.Select(view => RecordingJson.ViewOf(view, family.Rank(view, options.Grouping, options.Sites), options.Grouping))],
            [.. family.OverTime.Timeline.Select(point => new FamilyMomentDocument(RecordingJson.Seconds(point.Nanoseconds), point.HeapBytes))]);
    }

    private static FamilyProcessDocument ProcessOf(RecordedProcess process) => new(
        process.Facts.ProcessId,
        process.ParentId == 0 ? null : process.ParentId,
        FamilyWords.Name(process.Origin),
        process.Depth,
        process.Facts.CommandLine,
        process.Facts.PythonVersion.Length == 0 ? null : process.Facts.PythonVersion,
        process.Facts.StartedAt,
        RecordingJson.Seconds(process.BeganNanoseconds),
        RecordingJson.Seconds(process.Facts.DurationNanoseconds),
        process.Facts.PeakBytes,
        RecordingJson.Seconds(process.Facts.PeakNanoseconds),
        process.Facts.EndBytes,
        process.Facts.Allocations,
        RecordingJson.Known(process.Facts.MaximumResidentBytes),
        RecordingJson.EndedOf(process.Facts),
        RecordingJson.CodeOf(process.Facts, ProgramEnding.Exited),
        RecordingJson.CodeOf(process.Facts, ProgramEnding.Signalled),
        process.File);
}
