using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;

namespace Hognose.Reports.Json;

/// <summary>What <c>compare --json</c> prints; docs/formats/compare-json.md explains each name.</summary>
public sealed record ComparisonDocument(
    int Schema, string View, string SitesBy, IReadOnlyList<string>? Modules, ProgramDocument ProgramBefore, ProgramDocument ProgramAfter, MeasuresDocument Before, MeasuresDocument After,
    int SiteCount, IReadOnlyList<SiteChangeDocument> Sites)
{
    /// <summary>How far off the growth of the whole may be either way in 95 of 100 runs; not there where every allocation was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BytesError { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BlocksError { get; init; }
}

/// <param name="TemporaryBytes">Null, like the blocks, of samples, which do not tell.</param>
public sealed record MeasuresDocument(
    long HighWaterBytes, long HighWaterBlocks, long EndBytes, long EndBlocks, long TotalBytes, long TotalBlocks, long? TemporaryBytes, long? TemporaryBlocks);

/// <param name="Change">"new", "gone", "grew", "shrank" or "same", by the view.</param>
/// <param name="SeveralLines">Lines of a function that cannot be told apart.</param>
public sealed record SiteChangeDocument(
    string? Function, string? File, int? LineBefore, int? LineAfter, string? Module, string Change, long Bytes, long Blocks, bool SeveralLines, MeasuresDocument Before, MeasuresDocument After)
{
    /// <summary>Of the growth, as that of the whole.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BytesError { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BlocksError { get; init; }

    /// <summary>It need be no change; not there else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithinError { get; init; }
}

/// <summary>A comparison as JSON: every site whose figures differ.</summary>
public static class ComparisonJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, RecordingComparison comparison, IReadOnlyList<string> modules)
    {
        var document = new ComparisonDocument(
            Schema,
            RecordingWords.Name(comparison.View),
            RecordingWords.Name(comparison.Grouping),
            modules.Count == 0 ? null : modules,
            RecordingJson.ProgramOf(comparison.FactsBefore),
            RecordingJson.ProgramOf(comparison.FactsAfter),
            MeasuresOf(comparison.TotalBefore, comparison.FactsBefore),
            MeasuresOf(comparison.TotalAfter, comparison.FactsAfter),
            comparison.Sites.Count,
            [.. comparison.Sites.Where(site => site.UsageBefore != site.UsageAfter).Select(site => SiteOf(site, comparison))])
        {
            BytesError = comparison.Error(comparison.View).Bytes,
            BlocksError = comparison.Error(comparison.View).Blocks,
        };
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.ComparisonDocument));
        output.Write('\n');
    }

    private static SiteChangeDocument SiteOf(SiteChange site, RecordingComparison comparison)
    {
        var view = comparison.View;
        var (bytes, blocks) = site.Growth(view);
        var error = site.Error(view);
        var place = site.After ?? site.Before;
        return new SiteChangeDocument(
            place is { Function.Length: > 0 } ? place.Function : null,
            place?.File,
            RecordingJson.LineOf(site.Before),
            RecordingJson.LineOf(site.After),
            site.Label,
            site.IsNew ? "new" : site.IsGone ? "gone" : bytes > 0 ? "grew" : bytes < 0 ? "shrank" : "same",
            bytes,
            blocks,
            site.IsOfSeveralLines,
            MeasuresOf(site.UsageBefore, comparison.FactsBefore),
            MeasuresOf(site.UsageAfter, comparison.FactsAfter))
        {
            BytesError = error.Bytes,
            BlocksError = error.Blocks,
            WithinError = site.IsWithinError(view),
        };
    }

    private static MeasuresDocument MeasuresOf(StackUsage usage, RecordingFacts facts)
    {
        var tellsTemporary = RecordingViews.ToldBy(facts).Contains(RecordingView.Temporary);
        return new MeasuresDocument(
            usage.PeakBytes, usage.PeakBlocks, usage.EndBytes, usage.EndBlocks, usage.TotalBytes, usage.TotalBlocks,
            tellsTemporary ? usage.TemporaryBytes : null, tellsTemporary ? usage.TemporaryBlocks : null);
    }
}
