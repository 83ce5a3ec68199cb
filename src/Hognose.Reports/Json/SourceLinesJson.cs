using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Json;

/// <summary>What <c>lines --json</c> prints; docs/formats/lines-json.md explains each name.</summary>
public sealed record SourceLinesDocument(int Schema, ProgramDocument Program, bool Own, IReadOnlyList<SourceFileDocument> Files);

public sealed record SourceFileDocument(string File, LineDocument Total, IReadOnlyList<LineDocument> Lines);

/// <param name="Line">Null for a file's total, and where the line is not known.</param>
public sealed record LineDocument(int? Line, long AllocatedBytes, long AllocatedBlocks, long FreedBytes, long NetBytes, long HighWaterBytes)
{
    /// <summary>How far off figures of samples may be either way in 95 of 100 runs; not there where every allocation was recorded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long AllocatedBytesError { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long NetBytesError { get; init; }

    /// <summary>The same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long HighWaterBytesError { get; init; }
}

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

    private static LineDocument LineOf(LineUsage line) => new(line.Line > 0 ? line.Line : null, line.Allocated, line.Blocks, line.Freed, line.Net, line.AtPeak)
    {
        AllocatedBytesError = SampleError.Of(RecordingView.All, line.Variance).Bytes,
        NetBytesError = SampleError.Of(RecordingView.Leaks, line.Variance).Bytes,
        HighWaterBytesError = SampleError.Of(RecordingView.HighWater, line.Variance).Bytes,
    };
}
