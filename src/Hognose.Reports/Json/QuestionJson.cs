using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Hognose.Insights.Holding;

namespace Hognose.Reports.Json;

/// <summary>An object, as every answer shows it.</summary>
/// <param name="Length">Null where the type has none.</param>
/// <param name="Value">Null unless contents were asked for, and for what is no string, bytes or number.</param>
public sealed record ObjectDocument(string Address, string Type, string Name, long? Length, long ShallowBytes, long RetainedBytes, string? Value, bool Estimate);

/// <summary>What answers about heaps share.</summary>
internal static class QuestionJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private const int ShareDigits = 6;

    public static void Write<T>(TextWriter output, T document, JsonTypeInfo<T> type)
    {
        output.Write(JsonSerializer.Serialize(document, type));
        output.Write('\n');
    }

    public static ObjectDocument Object(SeenObject seen) =>
        new(Address(seen.Address), seen.Type, seen.OwnName, seen.Length < 0 ? null : seen.Length, seen.Shallow, seen.Retained, seen.Value.Length == 0 ? null : seen.Value, seen.IsEstimate);

    public static EstimatesDocument EstimatesOf(HeapEstimates estimates) => new(estimates.Types, estimates.Objects, estimates.Bytes, estimates.References);

    public static double Share(double share) => Math.Round(share, ShareDigits);

    public static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
