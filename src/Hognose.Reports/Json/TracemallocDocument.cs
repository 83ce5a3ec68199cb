namespace Hognose.Reports.Json;

/// <summary>What <c>tracemalloc --json</c> prints; names are stable, units stand in them. docs/formats/tracemalloc-json.md explains each.</summary>
/// <param name="FramesKept">null: not known.</param>
/// <param name="CutStacks">Distinct stacks of which outer frames were not kept; 0 also with 3.8, which doesn't say.</param>
/// <param name="Modules">null: all of them.</param>
public sealed record TracemallocDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    TracedTotalsDocument Totals,
    int? FramesKept,
    long CutStacks,
    IReadOnlyList<TracedDomainDocument> Domains,
    string SitesBy,
    int SiteCount,
    IReadOnlyList<SiteDocument> Sites,
    IReadOnlyList<string>? Modules,
    IReadOnlyList<TroubleDocument> Trouble);

/// <param name="PeakBytes">null: not known.</param>
public sealed record TracedTotalsDocument(long Bytes, long Blocks, long? PeakBytes, long NotRead);

public sealed record TracedDomainDocument(uint Domain, long Bytes, long Blocks);
