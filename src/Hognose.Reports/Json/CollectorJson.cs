using System.Text.Json;
using System.Text.Json.Serialization;
using Hognose.Heap;
using Hognose.Insights.Collections;

namespace Hognose.Reports.Json;

/// <summary>Readings of a running program's collectors as JSON, one object a line.</summary>
public static class CollectorJson
{
    /// <summary>Grows when a name changes its meaning or goes; names may be added at any time.</summary>
    public const int Schema = 1;

    private static readonly CollectorJsonContext Context = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower });

    public static void Write(TextWriter output, CollectorProcess process, CollectorReading reading)
    {
        var document = new CollectorDocument(
            Schema,
            Math.Round((reading.Time - DateTimeOffset.UnixEpoch).TotalSeconds, 3),
            new CollectorProcessDocument(process.ProcessId, process.ProgramName, process.PythonVersion, process.LayoutVersion),
            [.. reading.Interpreters.Select(Of)]);
        output.Write(JsonSerializer.Serialize(document, Context.CollectorDocument));
        output.Write('\n');
    }

    internal static CollectorOfInterpreterDocument Of(CollectorState state) => new(
        state.InterpreterId,
        state.IsEnabled,
        state.DebugFlags,
        state.IsCollecting,
        state.IsIncremental,
        state.GarbageObjects,
        state.Callbacks,
        state.TrackedObjects,
        state.FrozenObjects,
        [.. state.Generations.Select(each => new GenerationDocument(
            each.Count, each.Threshold, each.Collections, each.Collected, each.Uncollectable, Rounded(each.Seconds), each.Candidates, each.Objects))]);

    /// <summary>To a nanosecond, as a snapshot keeps it.</summary>
    private static double? Rounded(double? seconds) => seconds is { } value ? Math.Round(value, 9) : null;
}

[JsonSerializable(typeof(CollectorDocument))]
internal sealed partial class CollectorJsonContext : JsonSerializerContext;
