using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Json;

/// <summary>What <c>refs --json</c> prints; docs/formats/refs-json.md explains each name.</summary>
public sealed record RefsDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    ObjectDocument Object,
    ReferenceListDocument Referrers,
    long? ReferencesFromOutside,
    ReferenceListDocument Referents,
    EstimatesDocument Estimates,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record ReferenceListDocument(long Objects, long ShallowBytes, IReadOnlyList<ReferenceDocument> Shown);

public sealed record ReferenceDocument(ObjectDocument Object, string Name, long Times, bool IsWeak, bool Estimate);

/// <summary>References of an object as JSON.</summary>
public static class ReferencesJson
{
    public static void Write(TextWriter output, HeapFacts facts, ReferencesOfObject references, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new RefsDocument(
            QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts), QuestionJson.Object(references.Object), ListOf(references.Referrers),
            references.FromOutside, ListOf(references.Referents), QuestionJson.EstimatesOf(references.Estimates), HeapJson.TroubleOf(trouble)),
        HeapJson.Context.RefsDocument);

    private static ReferenceListDocument ListOf(ReferenceList list) => new(
        list.Objects,
        list.Shallow,
        [.. list.Shown.Select(each => new ReferenceDocument(QuestionJson.Object(each.Other), each.Name, each.Times, each.IsWeak, each.IsEstimate))]);
}
