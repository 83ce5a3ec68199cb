using System.Globalization;
using System.Text.Json;
using Hognose.Insights.Growth;
using Hognose.Insights.Heaps;

namespace Hognose.Reports.Json;

/// <summary>What <c>diff --json</c> prints; docs/formats/diff-json.md explains each name.</summary>
public sealed record DiffDocument(
    int Schema,
    IReadOnlyList<DiffedHeapDocument> Heaps,
    bool ObjectsMatched,
    long NewObjects,
    long NewBytes,
    long GoneObjects,
    long GoneBytes,
    IReadOnlyList<HolderGrowthDocument> Holders,
    IReadOnlyList<TypeGrowthDocument> Types);

public sealed record DiffedHeapDocument(string Source, DateTimeOffset? TakenAt, HeapProcessDocument Process);

/// <param name="Address">Null for what no single object holds.</param>
public sealed record HolderGrowthDocument(string Kind, string HeldBy, string? Type, string? Address, long NewObjects, long RetainedBytes, LargestNewDocument? Largest);

public sealed record LargestNewDocument(string Reference, string Type, string Address, long RetainedBytes);

public sealed record TypeGrowthDocument(string Type, long ObjectsBefore, long ObjectsAfter, long BytesBefore, long BytesAfter, long NewObjects, long GoneObjects);

/// <summary>What grew, as JSON.</summary>
public static class DiffJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, IReadOnlyList<HeapFacts> heaps, HeapDiff diff)
    {
        var document = new DiffDocument(
            Schema,
            [.. heaps.Select(heap => new DiffedHeapDocument(heap.Subject, heap.Snapshot?.TakenAt, HeapJson.ProcessOf(heap)))],
            diff.AreMatched,
            diff.NewObjects,
            diff.NewBytes,
            diff.DeadObjects,
            diff.DeadBytes,
            [.. diff.Holders.Select(HolderOf)],
            [.. diff.Types.Select(type => new TypeGrowthDocument(
                type.Name, type.ObjectsBefore, type.ObjectsAfter, type.BytesBefore, type.BytesAfter, type.New, type.Dead))]);
        output.Write(JsonSerializer.Serialize(document, HeapJson.Context.DiffDocument));
        output.Write('\n');
    }

    private static HolderGrowthDocument HolderOf(HolderGrowth holder) => new(
        JsonNamingPolicy.SnakeCaseLower.ConvertName(holder.Kind.ToString()), holder.HeldBy, holder.Address == 0 ? null : holder.Type, holder.Address == 0 ? null : Address(holder.Address),
        holder.Objects, holder.Retained,
        holder.Largest is { } largest ? new LargestNewDocument(largest.Reference, largest.Type, Address(largest.Address), largest.Retained) : null);

    private static string Address(ulong address) => string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
}
