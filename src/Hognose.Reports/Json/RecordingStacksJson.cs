using System.Text.Encodings.Web;
using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Json;

/// <summary>Every stack of a recording with all that is known of it, for programs. docs/formats/export-json.md explains each name.</summary>
public static class RecordingStacksJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    public static void Write(Stream output, RecordingSummary recording, RecordingView view)
    {
        var frames = new StackFrames(recording);
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteNumber("schema", Schema);
        json.WriteString("view", RecordingWords.Name(view));
        json.WritePropertyName("program");
        JsonSerializer.Serialize(json, RecordingJson.ProgramOf(recording.Facts), RecordingJson.Context.ProgramDocument);
        json.WriteStartArray("frames");
        foreach (var frame in recording.Stacks.Frames)
        {
            json.WriteStartObject();
            json.WriteString("function", frame.Function);
            json.WriteString("file", frame.Place);
            json.WriteNumber("line", frame.Line);
            json.WriteNumber("first_line", frame.FirstLine);
            if (frame.IsC)
                json.WriteBoolean("is_c", true);
            json.WriteEndObject();
            Relieve(json);
        }
        json.WriteEndArray();
        json.WriteStartArray("stacks");
        foreach (var stack in frames.Heaviest(view))
            WriteStack(json, recording, stack, stack == 0 ? [] : frames.OutermostFirst(stack));
        json.WriteEndArray();
        json.WriteStartArray("timeline");
        foreach (var point in recording.Timeline)
            JsonSerializer.Serialize(json, RecordingJson.MomentOf(point), RecordingJson.Context.MomentDocument);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStack(Utf8JsonWriter json, RecordingSummary recording, int stack, List<int> frames)
    {
        var usage = recording.Usage[stack];
        json.WriteStartObject();
        json.WriteStartArray("frames");
        foreach (var frame in frames)
            json.WriteNumberValue(frame);
        json.WriteEndArray();
        json.WriteNumber("high_water_bytes", usage.PeakBytes);
        json.WriteNumber("high_water_blocks", usage.PeakBlocks);
        json.WriteNumber("end_bytes", usage.EndBytes);
        json.WriteNumber("end_blocks", usage.EndBlocks);
        json.WriteNumber("total_bytes", usage.TotalBytes);
        json.WriteNumber("total_blocks", usage.TotalBlocks);
        if (recording.Facts.SampleBytes > 0)
            WriteErrors(json, recording, stack);
        else
            WriteTemporary(json, usage);
        json.WriteEndObject();
        Relieve(json);
    }

    private static void WriteTemporary(Utf8JsonWriter json, StackUsage usage)
    {
        json.WriteNumber("temporary_bytes", usage.TemporaryBytes);
        json.WriteNumber("temporary_blocks", usage.TemporaryBlocks);
    }

    private static void WriteErrors(Utf8JsonWriter json, RecordingSummary recording, int stack)
    {
        json.WriteNull("temporary_bytes");
        json.WriteNull("temporary_blocks");
        foreach (var (name, view) in (ReadOnlySpan<(string, RecordingView)>)[("high_water", RecordingView.HighWater), ("end", RecordingView.Leaks), ("total", RecordingView.All)])
            json.WriteNumber($"{name}_bytes_error", SampleError.OfVariance(SampleError.VarianceOfBytes(recording, view, stack)));
    }

    private static void Relieve(Utf8JsonWriter json)
    {
        if (json.BytesPending > 1 << 16)
            json.Flush();
    }
}
