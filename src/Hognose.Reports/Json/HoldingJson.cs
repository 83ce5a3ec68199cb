using System.Globalization;
using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Insights.Births;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Json;

/// <summary>Answers about holders as JSON.</summary>
public static class HoldingJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private const int ShareDigits = 6;

    public static void Write(TextWriter output, HeapFacts facts, BiggestObjects biggest, DiagnosticBag trouble)
    {
        var document = new BiggestDocument(
            Schema,
            HeapJson.ProcessOf(facts),
            HeapJson.PauseOf(facts),
            new HeldTotalsDocument(
                biggest.ReachedObjects, biggest.ReachedBytes, biggest.GarbageObjects, biggest.GarbageBytes,
                biggest.KeptGarbage.Sum(kept => kept.Objects), biggest.KeptGarbage.Sum(kept => kept.Bytes)),
            [.. biggest.Objects.Select(each => new BigObjectDocument(
                Address(each.Address), each.Type, each.OwnName, each.Length < 0 ? null : each.Length, each.Shallow, each.Retained, each.RetainedObjects,
                Math.Round(biggest.ShareOf(each.Retained), ShareDigits), each.HeldBy, each.IsEstimate))],
            QuestionJson.EstimatesOf(biggest.Estimates),
            HeapJson.TroubleOf(trouble));
        output.Write(JsonSerializer.Serialize(document, HeapJson.Context.BiggestDocument));
        output.Write('\n');
    }

    public static void Write(TextWriter output, HeapFacts facts, HoldersOfType holders, DiagnosticBag trouble)
    {
        var document = new WhyDocument(
            Schema,
            HeapJson.ProcessOf(facts),
            HeapJson.PauseOf(facts),
            holders.Type,
            holders.Objects,
            holders.Shallow,
            holders.WeakReferences,
            holders.IsEstimate,
            [.. holders.Ways.Select(way => new WayDocument(way.HeldBy, way.Objects, way.Shallow, way.Retained, Address(way.Example), way.IsEstimate) { Born = BornAt(way.Birth) })],
            QuestionJson.EstimatesOf(holders.Estimates),
            HeapJson.TroubleOf(trouble));
        output.Write(JsonSerializer.Serialize(document, HeapJson.Context.WhyDocument));
        output.Write('\n');
    }

    private static double? SecondsOf(int milliseconds) => milliseconds < 0 ? null : milliseconds / 1000.0;

    private static BirthDocument? BornAt(BirthPlace? birth) => birth is null ? null : new BirthDocument(
        birth.Objects, SecondsOf(birth.Youngest), SecondsOf(birth.Oldest), [.. birth.Stack.Select(frame => new BirthFrameDocument(frame.Function, frame.File, frame.Line))]) { OfSamples = birth.OfSamples };

    private static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
