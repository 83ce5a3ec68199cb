using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Json;

/// <summary>What <c>show --by type|thread|size|allocator|time --json</c> prints. docs/formats/show-json.md explains each name.</summary>
public sealed record SpreadDocument(int Schema, ProgramDocument Program, string By, IReadOnlyList<SpreadRowDocument> Rows);

/// <param name="NeverFreedBytes">null: not told.</param>
public sealed record SpreadRowDocument(string Label, long Blocks, long Bytes, long? NeverFreedBytes);

public static class SpreadJson
{
    public static void Write(TextWriter output, RecordingSummary recording, string by, IReadOnlyList<SpreadRow> rows)
    {
        var document = new SpreadDocument(
            RecordingJson.Schema, RecordingJson.ProgramOf(recording.Facts), by, [.. rows.Select(row => new SpreadRowDocument(row.Label, row.Blocks, row.Bytes, row.NeverFreedBytes))]);
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.SpreadDocument));
        output.Write('\n');
    }
}
