using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.Json;

/// <summary>What <c>show --by type|thread|size|allocator|time --json</c> prints. docs/formats/show-json.md explains each name.</summary>
/// <param name="View">Of what <c>bytes</c> and <c>blocks</c> are.</param>
public sealed record SpreadDocument(int Schema, ProgramDocument Program, string By, string View, IReadOnlyList<string>? Modules, IReadOnlyList<SpreadRowDocument> Rows);

/// <param name="HighWaterBytes">null: not told.</param>
/// <param name="EndBytes">The same.</param>
/// <param name="NeverFreedBytes">The same.</param>
public sealed record SpreadRowDocument(string Label, long Blocks, long Bytes, long? HighWaterBytes, long? EndBytes, long? NeverFreedBytes);

public static class SpreadJson
{
    public static void Write(TextWriter output, RecordingSummary recording, string by, IReadOnlyList<SpreadRow> rows, RecordingReportOptions options)
    {
        var document = new SpreadDocument(
            RecordingJson.Schema,
            RecordingJson.ProgramOf(recording.Facts),
            by,
            RecordingWords.Name(options.View ?? RecordingView.All),
            options.Modules.Count == 0 ? null : options.Modules,
            [.. rows.Select(row => new SpreadRowDocument(row.Label, row.Blocks, row.Bytes, row.Usage?.PeakBytes, row.Usage?.EndBytes, row.NeverFreedBytes))]);
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.SpreadDocument));
        output.Write('\n');
    }
}
