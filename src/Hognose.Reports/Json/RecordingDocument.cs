using System.Text.Json.Serialization;

namespace Hognose.Reports.Json;

/// <summary>What <c>show --json</c> prints; names are stable, units stand in them. docs/formats/show-json.md explains each.</summary>
public sealed record RecordingDocument(
    int Schema,
    ProgramDocument Program,
    UsageDocument HighWaterMark,
    UsageDocument End,
    RemainderDocument NeverFreed,
    TotalsDocument Totals,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] NativeDocument? Native,
    RecorderDocument Recorder,
    IReadOnlyList<MomentDocument> Timeline,
    IReadOnlyList<string>? Modules,
    ViewDocument? View)
{
    /// <summary>Processes that the program started; not there when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FamilyDocument>? Children { get; init; }

    /// <summary>Moments with a name, in the order of time; not there when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<MarkDocument>? Marks { get; init; }

    /// <summary>What it and they held at most at the same time, an estimate; not there when there were none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public FamilyPeakDocument? FamilyHighWaterMark { get; init; }

    /// <summary>Only samples were recorded: sizes and counts are estimates; not there when every allocation was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SamplingDocument? Sampling { get; init; }

    /// <summary>All of it was read from a running tracemalloc: nothing but what was alive then is known, and stands under each heading; not there else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TracemallocFactsDocument? Tracemalloc { get; init; }

    /// <summary>The collector, by generation; not there where it was not looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<CollectedGenerationDocument>? Collector { get; init; }
}

/// <param name="FramesKept">Of each stack, at most; null: not known.</param>
/// <param name="PeakBytes">Most that was traced at once; null: not known.</param>
public sealed record TracemallocFactsDocument(int? FramesKept, long? PeakBytes);

/// <summary>How far off figures may be either way in 95 of 100 runs.</summary>
public sealed record SamplingDocument(
    long PeakBytesError, long PeakBlocksError, long EndBytesError, long EndBlocksError, long AllocatedBytesError, long AllocationsError);

/// <param name="PausesAreEstimates">false: CPython measured them itself.</param>
/// <param name="LongestSeconds">Of what came between two looks, mostly one collection.</param>
/// <param name="Events">In the order of time.</param>
public sealed record CollectedGenerationDocument(
    int Generation, long Collections, long Collected, long Uncollectable, double PauseSeconds, double LongestSeconds, bool PausesAreEstimates, IReadOnlyList<CollectionDocument> Events);

/// <param name="Collections">More than one where they were short.</param>
public sealed record CollectionDocument(double AtSeconds, long Collections, long Collected, long Uncollectable, double PauseSeconds);

/// <param name="ParentId">null: not known.</param>
/// <param name="MaximumRssBytes">null: not known.</param>
/// <param name="Recording">Name of its file.</param>
public sealed record FamilyDocument(
    int ProcessId, int? ParentId, IReadOnlyList<string> CommandLine, DateTimeOffset StartedAt, long HighWaterBytes, long EndBytes, long Allocations, long? MaximumRssBytes, string Recording);

public sealed record ProgramDocument(
    IReadOnlyList<string> CommandLine,
    int ProcessId,
    string? PythonVersion,
    DateTimeOffset StartedAt,
    double DurationSeconds,
    string Ended,
    int? ExitStatus,
    int? Signal,
    long? MaximumRssBytes,
    double CpuSeconds)
{
    /// <summary>Only samples were recorded, one of so many bytes on average: sizes and counts are estimates; not there when every allocation was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SampleBytes { get; init; }
}

public sealed record UsageDocument(double AtSeconds, long Bytes, long Blocks, string SitesBy, int SiteCount, IReadOnlyList<SiteDocument> Sites);

/// <summary>What <c>--view</c> asked for.</summary>
public sealed record ViewDocument(string Name, long Bytes, long Blocks, string SitesBy, int SiteCount, IReadOnlyList<SiteDocument> Sites);

/// <param name="Function">null: no Python frame, or sites are files.</param>
public sealed record SiteDocument(string? Function, string? File, int? Line, long Bytes, long Blocks, double Share, IReadOnlyList<CallerDocument> Callers)
{
    /// <summary>Its name where sites are modules; not there else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Module { get; init; }

    /// <summary>What it left behind; not there unless the recording looked at the heap at its end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SurvivingTypeDocument>? Types { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SurvivorHolderDocument>? HeldBy { get; init; }

    /// <summary>The bytes are an estimate, so far off either way in 95 of 100 runs; not there where every allocation was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BytesError { get; init; }

    /// <summary>Of a family: processes in which it holds something, the one that holds the most there, and how much that is; not there else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Processes { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int LargestProcessId { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LargestProcessBytes { get; init; }

    /// <summary>Of the bytes, those that C code asked for itself; not there when none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NativeBytes { get; init; }
}

/// <param name="Type">null: memory that is no object of its own.</param>
public sealed record SurvivingTypeDocument(string? Type, long Blocks, long Bytes);

public sealed record MarkDocument(string Name, double AtSeconds);

public sealed record SurvivorHolderDocument(string Way, long Objects, long Bytes);

public sealed record CallerDocument(string Function, string File, int? Line, long Bytes, int FramesBetween);

/// <param name="ShutdownSeen">false: CPython never shut down (a signal, os._exit), and these are the figures of the end.</param>
public sealed record RemainderDocument(bool ShutdownSeen, long Bytes, long Blocks);

public sealed record TotalsDocument(long Allocations, long AllocatedBytes, long Frees, long TemporaryAllocations, int Threads);

/// <summary>What C code allocated itself, which the figures of the rest contain; null when it was not recorded.</summary>
public sealed record NativeDocument(
    long Allocations, long AllocatedBytes, long BytesAtPeak, long BlocksAtPeak, long BytesAtEnd, long BlocksAtEnd, long UnknownFrees, long UnseenFrees, long UnhookedCalls);

public sealed record RecorderDocument(
    string HognoseVersion,
    double? CpuSeconds,
    long Waits,
    double WaitedSeconds,
    string? StoppedBecause,
    long LostEvents,
    long ContradictoryEvents,
    long UnknownFrees,
    long Forks,
    long TruncatedStacks,
    long UndescribedFunctions,
    string? LayoutNotice);

/// <param name="RssBytes">null: not known.</param>
public sealed record MomentDocument(double AtSeconds, long HeapBytes, long? RssBytes);
