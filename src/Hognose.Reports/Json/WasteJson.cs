using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Waste;

namespace Hognose.Reports.Json;

/// <summary>What <c>waste --json</c> prints; docs/formats/waste-json.md explains each name.</summary>
public sealed record WasteDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    long HeldBytes,
    long SavedBytes,
    IReadOnlyList<WasteFindingDocument> Findings,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record WasteFindingDocument(
    string Kind,
    string Type,
    long Objects,
    long SavedBytes,
    double Share,
    bool IsEstimate,
    ObjectDocument Example,
    long ExampleObjects,
    long ExampleSavedBytes,
    string ExampleHeldBy);

/// <summary>What <c>suspects --json</c> prints; docs/formats/suspects-json.md explains each name.</summary>
public sealed record SuspectsDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    long HeldBytes,
    IReadOnlyList<SuspectDocument> Suspects,
    IReadOnlyList<TroubleDocument> Trouble);

/// <param name="Type">Null where it is no matter of a type.</param>
/// <param name="HeldBy">Null without an example.</param>
/// <param name="Function">Null where it is no matter of one.</param>
/// <param name="PartOf">From 1 on; null where it is no part of one before.</param>
public sealed record SuspectDocument(
    string Kind, string Claim, long Bytes, double Share, string? Type, long Objects, ObjectDocument? Example, string? HeldBy, string Command,
    string? Function, int? PartOf, IReadOnlyList<SuspectDocument> Parts);

/// <summary>Waste and suspects as JSON.</summary>
public static class WasteJson
{
    public static void Write(TextWriter output, HeapFacts facts, HeapWaste waste, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new WasteDocument(
            QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts), waste.HeldBytes, waste.Saved,
            [.. waste.Findings.Select(finding => FindingOf(waste, finding))], HeapJson.TroubleOf(trouble)),
        HeapJson.Context.WasteDocument);

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static void Write(TextWriter output, string heap, HeapFacts facts, HeapSuspects suspects, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new SuspectsDocument(
            QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts), suspects.HeldBytes,
            [.. suspects.Suspects.Select(suspect => SuspectOf(heap, suspect))], HeapJson.TroubleOf(trouble)),
        HeapJson.Context.SuspectsDocument);

    public static string NameOf(WasteKind kind) => kind switch
    {
        WasteKind.EqualContents => "equal_contents",
        WasteKind.SpareStorage => "spare_storage",
        WasteKind.InstanceDicts => "instance_dicts",
        WasteKind.NumberObjects => "number_objects",
        WasteKind.PinnedBuffers => "pinned_buffers",
        _ => "empty_containers",
    };

    private static string NameOf(SuspectKind kind) => kind switch
    {
        SuspectKind.BigObject => "big_object",
        SuspectKind.ManyOfAType => "many_of_a_type",
        SuspectKind.KeptTracebacks => "kept_tracebacks",
        SuspectKind.KeptFrames => "kept_frames",
        SuspectKind.SuspendedFunctions => "suspended_functions",
        SuspectKind.RunningCalls => "running_calls",
        SuspectKind.OwnedMemory => "owned_memory",
        SuspectKind.SharedMemory => "shared_memory",
        SuspectKind.HeldByCode => "held_by_code",
        SuspectKind.Garbage => "garbage",
        SuspectKind.FrozenGarbage => "frozen_garbage",
        SuspectKind.UncollectableGarbage => "uncollectable_garbage",
        SuspectKind.Waste => "waste",
        _ => "beyond_objects",
    };

    private static WasteFindingDocument FindingOf(HeapWaste waste, WasteFinding finding) => new(
        NameOf(finding.Kind), finding.Type, finding.Objects, finding.Saved, QuestionJson.Share(waste.ShareOf(finding.Saved)), finding.IsEstimate,
        QuestionJson.Object(finding.Example), finding.ExampleObjects, finding.ExampleSaved, finding.HeldBy);

    private static SuspectDocument SuspectOf(string heap, Suspect suspect) => new(
        NameOf(suspect.Kind),
        SuspectWords.Claim(suspect),
        suspect.Bytes,
        QuestionJson.Share(suspect.Share),
        suspect.Type.Length == 0 ? null : suspect.Type,
        suspect.Objects,
        suspect.Example is { } example ? QuestionJson.Object(example) : null,
        suspect.Example is null ? null : suspect.HeldBy,
        SuspectWords.Command(heap, suspect),
        suspect.Function.Length == 0 ? null : suspect.Function,
        suspect.PartOf == 0 ? null : suspect.PartOf,
        [.. suspect.Parts.Select(part => SuspectOf(heap, part))]);
}
