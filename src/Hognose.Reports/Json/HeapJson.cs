using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Insights.Heaps;

namespace Hognose.Reports.Json;

/// <summary>The report of a live heap as JSON.</summary>
public static class HeapJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private const int ShareDigits = 6;

    private static readonly HeapJsonContext Context = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    });

    /// <param name="types">The most types listed; totals always cover all.</param>
    public static void Write(TextWriter output, HeapAnswer answer, int types)
    {
        output.Write(JsonSerializer.Serialize(DocumentOf(answer, types), Context.HeapDocument));
        output.Write('\n');
    }

    private static HeapDocument DocumentOf(HeapAnswer answer, int types)
    {
        var heap = answer.ByType;
        return new HeapDocument(
            Schema,
            ProcessOf(answer.Facts),
            new PauseDocument(
                answer.Facts.Pause.TotalSeconds, answer.Facts.Stops, answer.Facts.WasCollecting, answer.Facts.CopiedBytes, answer.Facts.Elapsed.TotalSeconds),
            new HeapTotalsDocument(heap.Objects, heap.Bytes, heap.References, heap.Types.Count, answer.NotRead),
            [.. heap.Types.Take(types).Select(type => TypeOf(heap, type))],
            [.. answer.Trouble.Tally.Select(tally => new TroubleDocument(
                tally.Key, tally.Value, answer.ExampleOf(tally.Key)))]);
    }

    private static TypeDocument TypeOf(HeapByType heap, TypeShare type) => new(
        type.Name,
        type.Objects,
        type.Bytes,
        Math.Round(heap.ShareOfObjects(type.Objects), ShareDigits),
        Math.Round(heap.ShareOfBytes(type.Bytes), ShareDigits),
        type.TypeObjects,
        type.IsEstimate);

    private static HeapProcessDocument ProcessOf(HeapFacts facts) => new(
        facts.ProcessId,
        facts.ProgramName,
        facts.PythonVersion,
        facts.LayoutVersion,
        facts.Interpreters,
        facts.Threads,
        facts.Memory.Resident,
        facts.Memory.PeakResident,
        facts.Memory.Anonymous,
        facts.Memory.Files,
        facts.Memory.Shared,
        facts.Memory.Swapped);
}

[JsonSerializable(typeof(HeapDocument))]
internal sealed partial class HeapJsonContext : JsonSerializerContext;
