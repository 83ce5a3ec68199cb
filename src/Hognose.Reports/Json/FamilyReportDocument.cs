namespace Hognose.Reports.Json;

/// <summary>What <c>show --family --json</c> prints.</summary>
/// <param name="Unread">Recordings that are missing in it, each with the reason.</param>
/// <param name="EachHighWaterBytes">What each process held at its own high-water mark, added up.</param>
/// <param name="EachEndBytes">What each held at its own end, added up.</param>
/// <param name="SampleBytes">null: every allocation was recorded.</param>
public sealed record FamilyReportDocument(
    int Schema,
    IReadOnlyList<FamilyProcessDocument> Processes,
    IReadOnlyList<string> Unread,
    bool SharesClock,
    FamilyPeakDocument HighWaterMark,
    long EachHighWaterBytes,
    long EachEndBytes,
    double DurationSeconds,
    long Allocations,
    long? SampleBytes,
    IReadOnlyList<string>? Modules,
    IReadOnlyList<ViewDocument> Views,
    IReadOnlyList<FamilyMomentDocument> Timeline);

/// <param name="Processes">That were recorded then.</param>
public sealed record FamilyPeakDocument(double AtSeconds, long Bytes, bool Estimate, long Processes);

public sealed record FamilyMomentDocument(double AtSeconds, long HeapBytes);

/// <param name="Origin">"program", "fork", "exec", "multiprocessing" or "started".</param>
/// <param name="BeganSeconds">Since the family's first recording began.</param>
/// <param name="Recording">Name of its file.</param>
public sealed record FamilyProcessDocument(
    int ProcessId,
    int? ParentId,
    string Origin,
    int Depth,
    IReadOnlyList<string> CommandLine,
    string? PythonVersion,
    DateTimeOffset StartedAt,
    double BeganSeconds,
    double DurationSeconds,
    long HighWaterBytes,
    double HighWaterAtSeconds,
    long EndBytes,
    long Allocations,
    long? MaximumRssBytes,
    string Ended,
    int? ExitStatus,
    int? Signal,
    string Recording);
