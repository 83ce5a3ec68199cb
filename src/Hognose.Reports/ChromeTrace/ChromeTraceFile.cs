using System.Text.Encodings.Web;
using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;

namespace Hognose.Reports.ChromeTrace;

/// <summary>
/// A recording for chrome://tracing and Perfetto: heap and RSS as counters over time, and beneath them the tree of calls as slices whose width is a share
/// of the bytes, not time. docs/formats/export-chrome-trace.md.
/// </summary>
public static class ChromeTraceFile
{
    private const int TreeThread = 2;

    /// <summary>Slices narrower than this share of the whole would not be seen.</summary>
    private const double NarrowestSlice = 0.0005;

    /// <summary>Of all slices, where a recording has no duration, as tracemalloc's: one second.</summary>
    private const long NominalNanoseconds = 1_000_000_000;

    public static void Write(Stream output, RecordingSummary recording, RecordingView view)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        new Events(json, recording.Facts.ProcessId, new StackFrames(recording)).Write(recording, view);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private sealed class Events(Utf8JsonWriter json, int processId, StackFrames frames)
    {
        public void Write(RecordingSummary recording, RecordingView view)
        {
            WriteName("process_name", 1, frames.Title);
            WriteName("thread_name", TreeThread, $"{RecordingWords.Heading(view, "Held at the end")}: width is a share of bytes, not time");
            foreach (var point in recording.Timeline)
                WriteCounters(point);
            WriteHighWaterMark(recording.Facts);
            foreach (var mark in recording.Marks)
                WriteMark(mark);
            var tree = CallTree.Of(recording, view, new CallTreeShape(IsInverted: false, SiteGrouping.Line, NarrowestSlice, IsWhole: true));
            var microseconds = (recording.Facts.DurationNanoseconds > 0 ? recording.Facts.DurationNanoseconds : NominalNanoseconds) / 1e3;
            WriteSlices(tree, tree.Top.Parts, 0, microseconds / Math.Max(1, tree.Top.Bytes));
        }

        private void WriteName(string kind, int thread, string name)
        {
            Begin(kind, "M", thread);
            json.WriteStartObject("args");
            json.WriteString("name", name);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void WriteCounters(TimelinePoint point)
        {
            WriteCounter("heap", point.Nanoseconds, point.HeapBytes);
            if (point.ResidentBytes >= 0)
                WriteCounter("RSS", point.Nanoseconds, point.ResidentBytes);
        }

        private void WriteCounter(string name, long nanoseconds, long bytes)
        {
            Begin(name, "C", 1);
            json.WriteNumber("ts", nanoseconds / 1e3);
            json.WriteStartObject("args");
            json.WriteNumber("bytes", bytes);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void WriteMark(RecordingMark mark)
        {
            BeginInstant(mark.Name, mark.Nanoseconds);
            json.WriteEndObject();
        }

        private void WriteHighWaterMark(RecordingFacts facts)
        {
            BeginInstant("high-water mark", facts.PeakNanoseconds);
            json.WriteStartObject("args");
            json.WriteNumber("bytes", facts.PeakBytes);
            // Of a family bytes are what all held together: nobody counted the blocks of that moment.
            if (facts.Processes > 1)
                json.WriteNumber("processes", facts.Processes);
            else
                json.WriteNumber("blocks", facts.PeakBlocks);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        private void WriteSlices(CallTree tree, IReadOnlyList<CallNode> nodes, long startBytes, double microsecondsPerByte)
        {
            foreach (var node in nodes)
            {
                if (node.Bytes == 0)
                    continue;
                Begin(frames.Name(node.Place), "X", TreeThread);
                json.WriteNumber("ts", startBytes * microsecondsPerByte);
                json.WriteNumber("dur", node.Bytes * microsecondsPerByte);
                json.WriteStartObject("args");
                if (node.Place is { } where)
                    json.WriteString("where", where.Line > 0 ? FormattableString.Invariant($"{where.Place}:{where.Line}") : where.Place);
                json.WriteNumber("bytes", node.Bytes);
                json.WriteNumber("blocks", node.Blocks);
                json.WriteString("share", Quantities.Percent(tree.ShareOf(node.Bytes)));
                json.WriteEndObject();
                json.WriteEndObject();
                WriteSlices(tree, node.Parts, startBytes, microsecondsPerByte);
                startBytes += node.Bytes;
                if (json.BytesPending > 1 << 16)
                    json.Flush();
            }
        }

        private void BeginInstant(string name, long nanoseconds)
        {
            Begin(name, "i", 1);
            json.WriteNumber("ts", nanoseconds / 1e3);
            json.WriteString("s", "p"); // Drawn across the process.
        }

        private void Begin(string name, string phase, int thread)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("ph", phase);
            json.WriteNumber("pid", processId);
            json.WriteNumber("tid", thread);
        }
    }
}
