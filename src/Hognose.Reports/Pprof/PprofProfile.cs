using System.IO.Compression;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;

namespace Hognose.Reports.Pprof;

/// <summary>
/// A recording as pprof's gzipped profile.proto, with the four sample types of Go's heap profile. Numbers below are those of the fields there;
/// docs/formats/export-pprof.md names them.
/// </summary>
public static class PprofProfile
{
    private const long MappingId = 1;

    /// <param name="view">What "in use" means: held at the high-water mark, or at the end. All: the high-water mark, and a viewer begins with what was allocated.</param>
    public static void Write(Stream output, RecordingSummary recording, RecordingView view)
    {
        using var zipped = new GZipStream(output, CompressionLevel.Optimal, leaveOpen: true);
        var profile = new Writing(zipped);
        profile.WriteTypes(recording, view);
        profile.WriteSamples(recording, view == RecordingView.All ? RecordingView.HighWater : view);
        profile.WritePlaces(new StackFrames(recording));
        profile.WriteTexts();
    }

    private sealed class Writing(Stream output)
    {
        private readonly Dictionary<string, long> _texts = new() { [""] = 0 };
        private readonly ProtobufMessage _field = new();
        private readonly ProtobufMessage _message = new();

        public void WriteTypes(RecordingSummary recording, RecordingView view)
        {
            foreach (var (type, unit) in (ReadOnlySpan<(string, string)>)[("alloc_objects", "count"), ("alloc_space", "bytes"), ("inuse_objects", "count"), ("inuse_space", "bytes")])
                Field(1, Message().Number(1, TextId(type)).Number(2, TextId(unit)));
            // Symbols are there: without a mapping that says so, pprof looks for a binary.
            Field(3, Message().Number(1, MappingId).Number(5, TextId(recording.Facts.CommandLine is [var interpreter, ..] ? interpreter : "")).Number(7, 1).Number(8, 1).Number(9, 1).Number(10, 1));
            Field(11, Message().Number(1, TextId("space")).Number(2, TextId("bytes")));
            var started = (recording.Facts.StartedAt - DateTimeOffset.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
            Emit(_field.Number(9, started).Number(10, recording.Facts.DurationNanoseconds).Number(12, Math.Max(1, recording.Facts.SampleBytes))
                .Numbers(13, Comments(recording).Select(TextId))
                .Number(14, TextId(view == RecordingView.All ? "alloc_space" : "inuse_space")));
        }

        private static IEnumerable<string> Comments(RecordingSummary recording)
        {
            yield return $"hognose {recording.Facts.ToolVersion}: {new StackFrames(recording).Title}";
            if (recording.Facts.SampleBytes > 0)
                yield return FormattableString.Invariant($"estimated from samples, one in {recording.Facts.SampleBytes} bytes");
        }

        public void WriteSamples(RecordingSummary recording, RecordingView held)
        {
            var frames = new StackFrames(recording);
            for (var stack = 0; stack < recording.Usage.Length; stack++)
            {
                var usage = recording.Usage[stack];
                if (usage.IsEmpty)
                    continue;
                var (bytes, blocks) = held.Of(usage);
                Field(2, Message().Numbers(1, frames.InnermostFirst(stack).Select(frame => frame + 1L)).Numbers(2, [usage.TotalBlocks, usage.TotalBytes, blocks, bytes]));
            }
        }

        public void WritePlaces(StackFrames frames)
        {
            var functions = new Dictionary<(string, string, int), long>();
            var (location, line) = (0L, new ProtobufMessage());
            foreach (var frame in frames.All)
            {
                var key = (frame.Function, frame.File, frame.FirstLine);
                if (!functions.TryGetValue(key, out var function))
                {
                    functions[key] = function = functions.Count + 1;
                    var name = TextId(frame.Function);
                    Field(5, Message().Number(1, function).Number(2, name).Number(3, name).Number(4, TextId(frame.File)).Number(5, frame.FirstLine));
                }
                line.Clear();
                line.Number(1, function).Number(2, frame.Line);
                Field(4, Message().Number(1, ++location).Number(2, MappingId).Message(4, line));
            }
        }

        public void WriteTexts()
        {
            foreach (var (text, _) in _texts.OrderBy(pair => pair.Value))
                Emit(_field.Text(6, text));
        }

        private ProtobufMessage Message()
        {
            _message.Clear();
            return _message;
        }

        private void Field(int number, ProtobufMessage message) => Emit(_field.Message(number, message));

        private void Emit(ProtobufMessage fields)
        {
            output.Write(fields.Encoded);
            _field.Clear();
        }

        private long TextId(string text)
        {
            if (!_texts.TryGetValue(text, out var id))
                _texts[text] = id = _texts.Count;
            return id;
        }
    }
}
