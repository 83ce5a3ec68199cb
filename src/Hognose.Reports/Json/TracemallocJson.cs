using System.Text.Json;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>What a running tracemalloc knew, as JSON.</summary>
public static class TracemallocJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, TracedHeap answer, RecordingReportOptions options)
    {
        var (facts, traced) = (answer.Recording.Facts, answer.Recording.Facts.Tracemalloc!);
        var ranking = SiteRanker.Rank(answer.Recording, RecordingView.Leaks, options.Grouping, options.Sites);
        var document = new TracemallocDocument(
            Schema,
            HeapJson.ProcessOf(answer.Facts),
            HeapJson.PauseOf(answer.Facts),
            new TracedTotalsDocument(facts.EndBytes, facts.EndBlocks, traced.PeakBytes < 0 ? null : traced.PeakBytes, answer.NotRead),
            traced.Frames == 0 ? null : traced.Frames,
            traced.CutStacks,
            [.. traced.Domains.Select(domain => new TracedDomainDocument(domain.Domain, domain.Bytes, domain.Blocks))],
            RecordingWords.Name(options.Grouping),
            ranking.SiteCount,
            RecordingJson.SitesOf(ranking, options.Grouping),
            options.Modules.Count == 0 ? null : options.Modules,
            HeapJson.TroubleOf(answer.Trouble));
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.TracemallocDocument));
        output.Write('\n');
    }
}
