using System.Text.Json.Serialization;

namespace Hognose.Reports.Json;

/// <summary>What <c>heap --json</c> prints; names are stable, units stand in them. docs/formats/heap-json.md explains each.</summary>
/// <param name="By">"type", "module", "size" or "site".</param>
/// <param name="Types">Null unless by type.</param>
/// <param name="Groups">Null by type.</param>
public sealed record HeapDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    HeapTotalsDocument Totals,
    string By,
    IReadOnlyList<TypeDocument>? Types,
    IReadOnlyList<GroupDocument>? Groups,
    IReadOnlyList<TroubleDocument> Trouble)
{
    /// <summary>Groups are estimated from so many objects; null: all were counted.</summary>
    public long? Samples { get; init; }
}

/// <param name="RssBytes">Null for a core, as the five below.</param>
/// <param name="Core">Null for a running process.</param>
public sealed record HeapProcessDocument(
    int ProcessId,
    string Name,
    string PythonVersion,
    string LayoutVersion,
    int Interpreters,
    int Threads,
    long? RssBytes,
    long? PeakRssBytes,
    long? AnonymousRssBytes,
    long? FileRssBytes,
    long? SharedRssBytes,
    long? SwappedBytes,
    CoreDocument? Core);

/// <param name="Signal">0 when it was dumped alive.</param>
public sealed record CoreDocument(string Path, int Signal, string CommandLine);

/// <param name="IsApproximate">The process ran on while it was read: no figure is exact.</param>
/// <param name="Way">"fork", "copy" or "running"; null of a core or a snapshot.</param>
/// <param name="NotForked">Why a large process was copied nevertheless.</param>
public sealed record PauseDocument(
    double Seconds, int Stops, bool CollectionWasUnderWay, bool IsApproximate, long CopiedBytes, double ElapsedSeconds, string? Way, string? NotForked);

public sealed record HeapTotalsDocument(long Objects, long Bytes, long References, int Types, long NotRead);

/// <param name="RetainedBytes">Null when it was not asked for.</param>
public sealed record TypeDocument(
    string Name, long Objects, long Bytes, double ShareOfObjects, double ShareOfBytes, int TypeObjects, bool BytesAreAtLeast, long? RetainedBytes,
    bool RetainedIsAtLeast);

/// <param name="Name">Of a module, or why there is no line; null for a size class and for a line.</param>
/// <param name="LargestBytes">Of a size class; null for a module.</param>
public sealed record GroupDocument(
    string? Name, long? LargestBytes, long Objects, long Bytes, double ShareOfObjects, double ShareOfBytes, bool BytesAreAtLeast, long? RetainedBytes,
    bool RetainedIsAtLeast)
{
    /// <summary>The line that allocated; not there unless groups are sites, and for those that are no line.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BirthFrameDocument? Site { get; init; }

    /// <summary>What was allocated there; not there unless groups are sites.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<TypeAtSiteDocument>? Types { get; init; }
}

/// <param name="Bytes">Shallow.</param>
public sealed record TypeAtSiteDocument(string Name, long Objects, long Bytes);

/// <param name="Example">Null when the first one was not kept.</param>
public sealed record TroubleDocument(string Id, long Count, string? Example);
