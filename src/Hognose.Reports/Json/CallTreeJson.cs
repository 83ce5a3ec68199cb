using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>What <c>show --tree --json</c> prints; docs/formats/call-tree-json.md explains each name.</summary>
public sealed record CallTreeDocument(
    int Schema, ProgramDocument Program, string View, IReadOnlyList<string>? Modules, string PlacesBy, bool Inverted, double SmallestShare, int CutBranches, CallNodeDocument Top);

/// <param name="Module">Its name where places are modules; null else.</param>
public sealed record CallNodeDocument(
    string? Function, string? File, int? Line, string? Module, long Bytes, long Blocks, long OwnBytes, double Share, int FramesBetween, IReadOnlyList<CallNodeDocument> Parts, int OtherParts, long OtherBytes)
{
    /// <summary>A function of C code; absent else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsC { get; init; }

    /// <summary>The bytes are an estimate, so far off either way in 95 of 100 runs; not there where every allocation was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long BytesError { get; init; }
}

/// <summary>The tree of calls as JSON.</summary>
public static class CallTreeJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, RecordingFacts facts, CallTree tree, RecordingReportOptions options)
    {
        var document = new CallTreeDocument(
            Schema,
            RecordingJson.ProgramOf(facts),
            RecordingWords.Name(options.View ?? RecordingView.HighWater),
            options.Modules.Count == 0 ? null : options.Modules,
            RecordingWords.Name(tree.Shape.Grouping),
            tree.Shape.IsInverted,
            tree.Shape.SmallestShare,
            tree.CutBranches,
            NodeOf(tree, tree.Top));
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.CallTreeDocument));
        output.Write('\n');
    }

    private static CallNodeDocument NodeOf(CallTree tree, CallNode node) => new(
        node.Place is { Function.Length: > 0 } place ? place.Function : null,
        node.Place?.Place,
        RecordingJson.LineOf(node.Place),
        node.Label,
        node.Bytes,
        node.Blocks,
        node.OwnBytes,
        Math.Round(tree.ShareOf(node.Bytes), 6),
        node.FramesBetween,
        [.. node.Parts.Select(part => NodeOf(tree, part))],
        node.OtherParts,
        node.OtherBytes)
    {
        IsC = node.Place is { IsC: true },
        BytesError = node.BytesError,
    };
}
