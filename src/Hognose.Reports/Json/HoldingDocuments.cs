using System.Text.Json.Serialization;

namespace Hognose.Reports.Json;

/// <summary>What <c>biggest --json</c> prints; docs/formats/biggest-json.md explains each name.</summary>
public sealed record BiggestDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    HeldTotalsDocument Totals,
    IReadOnlyList<BigObjectDocument> Objects,
    EstimatesDocument Estimates,
    IReadOnlyList<TroubleDocument> Trouble);

/// <summary>What is known of a heap by an estimate only.</summary>
public sealed record EstimatesDocument(long Types, long Objects, long Bytes, long References);

public sealed record HeldTotalsDocument(long HeldObjects, long HeldBytes, long GarbageObjects, long GarbageBytes, long KeptGarbageObjects, long KeptGarbageBytes);

/// <param name="Length">Null where the type has none.</param>
public sealed record BigObjectDocument(
    string Address, string Type, string Name, long? Length, long ShallowBytes, long RetainedBytes, long RetainedObjects, double Share, string HeldBy, bool Estimate);

/// <summary>What <c>why --json</c> prints; docs/formats/why-json.md explains each name.</summary>
public sealed record WhyDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    string Type,
    long Objects,
    long ShallowBytes,
    long WeakReferences,
    bool Estimate,
    IReadOnlyList<WayDocument> Ways,
    EstimatesDocument Estimates,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record WayDocument(string HeldBy, long Objects, long ShallowBytes, long RetainedBytes, string ExampleAddress, bool Estimate)
{
    /// <summary>Not there where no recording tells.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BirthDocument? Born { get; init; }
}

/// <param name="Objects">Of the way's, those that were allocated there.</param>
/// <param name="Stack">Innermost first.</param>
/// <param name="YoungestSeconds">From the allocation of the youngest to the snapshot; null: not known.</param>
public sealed record BirthDocument(long Objects, double? YoungestSeconds, double? OldestSeconds, IReadOnlyList<BirthFrameDocument> Stack)
{
    /// <summary>Only births of samples are known, of so many of them; not there where every allocation was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long OfSamples { get; init; }
}

public sealed record BirthFrameDocument(string Function, string File, int Line);
