using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Json;

/// <summary>What <c>audit --json</c> prints; docs/formats/audit-json.md explains each name.</summary>
public sealed record AuditDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    AuditTotalsDocument Totals,
    IReadOnlyList<HeldByCodeDocument> Types,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record AuditTotalsDocument(
    long Objects, long Alone, long RetainedBytes, long Explained, long Interpreter, long Static, long Interned, long Immortal, long Borrowed);

public sealed record HeldByCodeDocument(
    string Type, long Objects, long Alone, long References, long ShallowBytes, long RetainedBytes, string ExampleAddress);

/// <summary>Objects held by C code as JSON.</summary>
public static class AuditJson
{
    public static void Write(TextWriter output, HeapFacts facts, ReferenceAudit audit, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new AuditDocument(
            QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts),
            new AuditTotalsDocument(
                audit.Objects, audit.Alone, audit.Retained, audit.Explained, audit.Open.Interpreter, audit.Open.Static, audit.Open.Interned,
                audit.Open.Immortal, audit.Open.Borrowed),
            [.. audit.Types.Select(type => new HeldByCodeDocument(
                type.Type, type.Objects, type.Alone, type.References, type.Shallow, type.Retained, QuestionJson.Address(type.Example)))],
            HeapJson.TroubleOf(trouble)),
        HeapJson.Context.AuditDocument);
}
