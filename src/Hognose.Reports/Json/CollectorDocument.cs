namespace Hognose.Reports.Json;

/// <summary>What <c>gc PID --json</c> prints, one a line; names are stable, units stand in them. docs/formats/gc-json.md explains each.</summary>
public sealed record CollectorDocument(int Schema, double TimeSeconds, CollectorProcessDocument Process, IReadOnlyList<CollectorOfInterpreterDocument> Interpreters);

public sealed record CollectorProcessDocument(int ProcessId, string Name, string PythonVersion, string LayoutVersion);

/// <param name="FrozenObjects">Null while the program runs: its lists are not gone over.</param>
public sealed record CollectorOfInterpreterDocument(
    long InterpreterId,
    bool IsEnabled,
    int DebugFlags,
    bool IsCollecting,
    bool IsIncremental,
    long GarbageObjects,
    int Callbacks,
    long? TrackedObjects,
    long? FrozenObjects,
    IReadOnlyList<GenerationDocument> Generations);

public sealed record GenerationDocument(
    int Count, int Threshold, long Collections, long CollectedObjects, long UncollectableObjects, double? CollectionSeconds, long? CandidateObjects,
    long? Objects);
