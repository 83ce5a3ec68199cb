using Hognose.Diagnostics;
using Hognose.Insights.Heaps;

namespace Hognose.Reports.Json;

/// <summary>What a snapshot from within a program says of its file.</summary>
public sealed record SnapshotDocument(
    int Schema, HeapProcessDocument Process, PauseDocument Pause, string Path, long FileBytes, long Objects, IReadOnlyList<TroubleDocument> Trouble);

/// <summary>A file that was kept, as JSON.</summary>
public static class SnapshotJson
{
    public static void Write(TextWriter output, HeapFacts facts, string path, long length, long objects, DiagnosticBag trouble) => QuestionJson.Write(
        output,
        new SnapshotDocument(QuestionJson.Schema, HeapJson.ProcessOf(facts), HeapJson.PauseOf(facts), path, length, objects, HeapJson.TroubleOf(trouble)),
        HeapJson.Context.SnapshotDocument);
}
