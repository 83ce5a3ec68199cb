using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;

namespace Hognose.Reports.Json;

/// <summary>The report of a live heap as JSON.</summary>
public static class HeapJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private const int ShareDigits = 6;

    internal static readonly HeapJsonContext Context = new(new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    });

    /// <param name="rows">The most types or groups listed; totals always cover all.</param>
    public static void Write(TextWriter output, HeapAnswer answer, int rows)
    {
        output.Write(JsonSerializer.Serialize(DocumentOf(answer, rows), Context.HeapDocument));
        output.Write('\n');
    }

    private static HeapDocument DocumentOf(HeapAnswer answer, int rows)
    {
        var heap = answer.Groups;
        var isByType = heap.Selection.By == HeapGrouping.Type;
        return new HeapDocument(
            Schema,
            ProcessOf(answer.Facts),
            PauseOf(answer.Facts),
            new HeapTotalsDocument(heap.AllObjects, heap.AllBytes, heap.References, heap.AllTypes, answer.NotRead),
            heap.Selection.By.ToString().ToLowerInvariant(),
            isByType ? [.. heap.Groups.Take(rows).Select(type => TypeOf(heap, type))] : null,
            isByType ? null : [.. heap.Groups.Take(rows).Select(group => GroupOf(heap, group))],
            TroubleOf(answer.Trouble))
        {
            Samples = heap.Samples > 0 ? heap.Samples : null,
        };
    }

    internal static PauseDocument PauseOf(HeapFacts facts) =>
        new(facts.Pause.TotalSeconds, facts.Stops, facts.WasCollecting, facts.IsApproximate, facts.CopiedBytes, facts.Elapsed.TotalSeconds, facts.Way, facts.NotForked);

    internal static IReadOnlyList<TroubleDocument> TroubleOf(DiagnosticBag trouble) =>
        [.. trouble.Tally.Select(tally => new TroubleDocument(tally.Key, tally.Value, trouble.Kept.FirstOrDefault(kept => kept.Id == tally.Key).Message))];

    private static TypeDocument TypeOf(HeapGroups heap, HeapGroup type) => new(
        type.Name,
        type.Objects,
        type.Bytes,
        Math.Round(heap.ShareOfObjects(type.Objects), ShareDigits),
        Math.Round(heap.ShareOfBytes(type.Bytes), ShareDigits),
        type.Types,
        type.IsEstimate,
        type.Retained,
        type.IsRetainedAtLeast);

    private static GroupDocument GroupOf(HeapGroups heap, HeapGroup group) => new(
        heap.Selection.By == HeapGrouping.Module || (heap.Selection.By == HeapGrouping.Site && group.Site is null) ? group.Name : null,
        heap.Selection.By == HeapGrouping.Size ? long.Parse(group.Name, CultureInfo.InvariantCulture) : null,
        group.Objects,
        group.Bytes,
        Math.Round(heap.ShareOfObjects(group.Objects), ShareDigits),
        Math.Round(heap.ShareOfBytes(group.Bytes), ShareDigits),
        group.IsEstimate,
        group.Retained,
        group.IsRetainedAtLeast)
    {
        Site = group.Site is { } site ? new BirthFrameDocument(site.Function, site.File, site.Line) : null,
        Types = heap.Selection.By == HeapGrouping.Site ? [.. group.TypesAtSite.Select(type => new TypeAtSiteDocument(type.Type, type.Objects, type.Bytes))] : null,
    };

    internal static HeapProcessDocument ProcessOf(HeapFacts facts) => new(
        facts.ProcessId,
        facts.ProgramName,
        facts.PythonVersion,
        facts.LayoutVersion,
        facts.Interpreters,
        facts.Threads,
        OfProcess(facts, facts.Memory.Resident),
        OfProcess(facts, facts.Memory.PeakResident),
        OfProcess(facts, facts.Memory.Anonymous),
        OfProcess(facts, facts.Memory.Files),
        OfProcess(facts, facts.Memory.Shared),
        OfProcess(facts, facts.Memory.Swapped),
        facts.Core is { } core ? new CoreDocument(core.Path, core.Signal, core.CommandLine) : null);

    private static long? OfProcess(HeapFacts facts, long bytes) => facts.Core is null ? bytes : null;
}

[JsonSerializable(typeof(HeapDocument))]
[JsonSerializable(typeof(BiggestDocument))]
[JsonSerializable(typeof(WhyDocument))]
[JsonSerializable(typeof(CyclesDocument))]
[JsonSerializable(typeof(DiffDocument))]
[JsonSerializable(typeof(TreeDocument))]
[JsonSerializable(typeof(RefsDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(WasteDocument))]
[JsonSerializable(typeof(SuspectsDocument))]
[JsonSerializable(typeof(SnapshotDocument))]
internal sealed partial class HeapJsonContext : JsonSerializerContext;
