using System.Text.Encodings.Web;
using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Speedscope;

/// <summary>A recording for speedscope.app: a profile a view, the one asked for in front. docs/formats/export-speedscope.md.</summary>
public static class SpeedscopeFile
{
    private const string Schema = "https://www.speedscope.app/file-format-schema.json";

    public static void Write(Stream output, RecordingSummary recording, RecordingView view)
    {
        var frames = new StackFrames(recording);
        RecordingView[] views = [.. RecordingViews.ToldBy(recording.Facts)];
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("$schema", Schema);
        json.WriteString("exporter", $"hognose {recording.Facts.ToolVersion}");
        json.WriteString("name", frames.Title);
        json.WriteNumber("activeProfileIndex", Array.IndexOf(views, view == RecordingView.Growth ? RecordingView.Leaks : view));
        json.WriteStartObject("shared");
        WriteFrames(json, frames);
        json.WriteEndObject();
        json.WriteStartArray("profiles");
        foreach (var one in views)
            WriteProfile(json, recording, frames, one);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFrames(Utf8JsonWriter json, StackFrames frames)
    {
        json.WriteStartArray("frames");
        foreach (var frame in frames.All)
        {
            json.WriteStartObject();
            json.WriteString("name", frame.Function);
            if (frame.File.Length > 0)
                json.WriteString("file", frame.File);
            if (frame.Line > 0)
                json.WriteNumber("line", frame.Line);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteProfile(Utf8JsonWriter json, RecordingSummary recording, StackFrames frames, RecordingView view)
    {
        var stacks = frames.Heaviest(view).ToList();
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", RecordingWords.Heading(view, "Held at the end"));
        json.WriteString("unit", "bytes");
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", stacks.Sum(stack => view.Of(recording.Usage[stack]).Bytes));
        json.WriteStartArray("samples");
        foreach (var stack in stacks)
        {
            json.WriteStartArray();
            foreach (var frame in frames.OutermostFirst(stack))
                json.WriteNumberValue(frame);
            json.WriteEndArray();
            if (json.BytesPending > 1 << 16)
                json.Flush();
        }
        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (var stack in stacks)
            json.WriteNumberValue(view.Of(recording.Usage[stack]).Bytes);
        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
    }
}
