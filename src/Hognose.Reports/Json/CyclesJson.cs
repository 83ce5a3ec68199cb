using System.Globalization;
using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Insights.Cycles;
using Hognose.Insights.Heaps;

namespace Hognose.Reports.Json;

/// <summary>What <c>cycles --json</c> prints; docs/formats/cycles-json.md explains each name.</summary>
public sealed record CyclesDocument(
    int Schema,
    HeapProcessDocument Process,
    PauseDocument Pause,
    CyclesTotalsDocument Totals,
    IReadOnlyList<CycleShapeDocument> Garbage,
    IReadOnlyList<CycleShapeDocument> Live,
    IReadOnlyList<KeptGarbageDocument> Kept,
    IReadOnlyList<CollectorOfInterpreterDocument> Collectors,
    IReadOnlyList<TroubleDocument> Trouble);

public sealed record KeptGarbageDocument(string Reason, string Type, long Objects, long ShallowBytes);

/// <param name="GarbageObjectsTracked">What gc.collect() would return.</param>
public sealed record CyclesTotalsDocument(
    long GarbageObjects, long GarbageBytes, long GarbageObjectsTracked, long GarbageCycles, long LiveCycles, long InGcGarbage, bool SavesAll);

public sealed record CycleShapeDocument(string Round, long Cycles, long Objects, long ShallowBytes, long RetainedBytes, string ExampleAddress);

/// <summary>Cycles as JSON.</summary>
public static class CyclesJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, HeapFacts facts, HeapCycles cycles, DiagnosticBag trouble)
    {
        var document = new CyclesDocument(
            Schema,
            HeapJson.ProcessOf(facts),
            HeapJson.PauseOf(facts),
            new CyclesTotalsDocument(cycles.GarbageObjects, cycles.GarbageBytes, cycles.TrackedGarbage, cycles.GarbageCycles, cycles.LiveCycles, cycles.InGarbageList, cycles.SavesAll),
            [.. cycles.Garbage.Select(ShapeOf)],
            [.. cycles.Live.Select(ShapeOf)],
            [.. cycles.Kept.Select(each => new KeptGarbageDocument(JsonNamingPolicy.SnakeCaseLower.ConvertName(each.Reason.ToString()), each.Type, each.Objects, each.Bytes))],
            [.. cycles.Collectors.Select(CollectorJson.Of)],
            HeapJson.TroubleOf(trouble));
        output.Write(JsonSerializer.Serialize(document, HeapJson.Context.CyclesDocument));
        output.Write('\n');
    }

    private static CycleShapeDocument ShapeOf(CycleShape shape) => new(
        shape.Way, shape.Cycles, shape.Objects, shape.Bytes, shape.Retained, string.Create(CultureInfo.InvariantCulture, $"0x{shape.Example:x}"));
}
