using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Json;

/// <summary>What <c>lines --json</c> prints; docs/formats/lines-json.md explains each name.</summary>
public sealed record SourceLinesDocument(int Schema, ProgramDocument Program, bool Own, IReadOnlyList<SourceFileDocument> Files);

public sealed record SourceFileDocument(string File, LineDocument Total, IReadOnlyList<LineDocument> Lines);

/// <param name="Line">Null for a file's total, and where the line is not known.</param>
public sealed record LineDocument(int? Line, long AllocatedBytes, long AllocatedBlocks, long FreedBytes, long NetBytes, long HighWaterBytes);

/// <summary>What each line allocated, as JSON.</summary>
public static class SourceLinesJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(TextWriter output, RecordingFacts facts, IReadOnlyList<SourceUsage> files, bool own)
    {
        var document = new SourceLinesDocument(
            Schema, RecordingJson.ProgramOf(facts), own, [.. files.Select(file => new SourceFileDocument(file.File, LineOf(file.Total), [.. file.Lines.Select(LineOf)]))]);
        output.Write(JsonSerializer.Serialize(document, RecordingJson.Context.SourceLinesDocument));
        output.Write('\n');
    }

    private static LineDocument LineOf(LineUsage line) => new(line.Line > 0 ? line.Line : null, line.Allocated, line.Blocks, line.Freed, line.Net, line.AtPeak);
}
