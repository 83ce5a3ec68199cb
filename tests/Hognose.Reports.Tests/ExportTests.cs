using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.ChromeTrace;
using Hognose.Reports.Csv;
using Hognose.Reports.Folded;
using Hognose.Reports.Json;
using Hognose.Reports.Pprof;
using Hognose.Reports.Speedscope;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public partial class ExportTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";
    private const string Schemas = "tests/Hognose.Reports.Tests/Schemas";

    private static RecordingSummary Small() => new RecordingSketch()
        .Stack("<module> /srv/app.py:4 > größe /srv/app.py:2", new StackUsage { PeakBytes = 3000, PeakBlocks = 3, EndBytes = 1000, EndBlocks = 1, TotalBytes = 5000, TotalBlocks = 5, TemporaryBytes = 200, TemporaryBlocks = 2 })
        .Stack("<module> /srv/app.py:4", new StackUsage { TotalBytes = 64, TotalBlocks = 1 })
        .Held("", 8, 1).Moment(0, 0, 9).Moment(0.5, 0.01, -1).Finish();

    /// <summary>Signs that mean something in one of the formats, and what is no text at all.</summary>
    private static RecordingSummary Odd()
    {
        var recording = Small();
        return recording with
        {
            Stacks = recording.Stacks with
            {
                Frames = [.. recording.Stacks.Frames.Select(frame => frame with { Function = frame.Function + ";a b\n\"q\",\\\u001b\u2028", File = frame.File + "\ud800;\r\n, x" })],
            },
        };
    }

    [Fact]
    public void Texts_look_as_they_were_looked_at()
    {
        Golden.Matches(Folder + "small.folded", Text(FoldedStacks.Write, Small()));
        Golden.Matches(Folder + "small.csv", Text(StacksCsv.Write, Small()));
        Golden.Matches(Folder + "small.stacks.json", Text(RecordingStacksJson.Write, Small()) + "\n");
        Golden.Matches(Folder + "small.trace.json", Text(ChromeTraceFile.Write, Small()) + "\n");
        Golden.Matches(Folder + "small.speedscope.json", Text(SpeedscopeFile.Write, Small()) + "\n");
    }

    /// <summary>The first stack is off by a standard error of 250 bytes at the high-water mark, 100 at the end, 500 in all.</summary>
    private static RecordingSummary Sampled()
    {
        var small = Small();
        return small with
        {
            Facts = small.Facts with { SampleBytes = 512 },
            Variances = [.. Enumerable.Repeat(new StackVariance { PeakBytes = 250 * 250, EndBytes = 100 * 100, TotalBytes = 500 * 500 }, small.Usage.Length)],
        };
    }

    [Fact]
    public void Exports_of_samples_say_that_they_are_estimates()
    {
        var csv = Text(StacksCsv.Write, Sampled()).Split('\n');
        Assert.EndsWith(",stack,high_water_bytes_error,end_bytes_error,total_bytes_error", csv[0], StringComparison.Ordinal);
        Assert.EndsWith(",500,200,1000", csv[2], StringComparison.Ordinal); // The stack of the first row has two lines.

        var text = Text(RecordingStacksJson.Write, Sampled());
        JsonNames.AreExplained(text, "docs/formats/export-json.md");
        using var json = JsonDocument.Parse(text);
        var stack = json.RootElement.GetProperty("stacks")[0];
        Assert.Equal((500, 200, 1000), (stack.GetProperty("high_water_bytes_error").GetInt64(), stack.GetProperty("end_bytes_error").GetInt64(), stack.GetProperty("total_bytes_error").GetInt64()));
        Assert.Equal(JsonValueKind.Null, stack.GetProperty("temporary_bytes").ValueKind);

        var profile = Decoded(Sampled(), RecordingView.HighWater);
        Assert.Contains("period: 512\n", profile, StringComparison.Ordinal);
        Assert.Contains("estimated from samples, one in 512 bytes", profile, StringComparison.Ordinal);
    }

    [Fact]
    public void The_high_water_mark_of_a_family_is_of_one_moment()
    {
        var small = Small();
        using var document = JsonDocument.Parse(Text(ChromeTraceFile.Write, small with { Facts = small.Facts with { Processes = 3, PeakBytes = 7777 } }));
        var mark = document.RootElement.GetProperty("traceEvents").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "high-water mark").GetProperty("args");
        Assert.Equal((7777, 3), (mark.GetProperty("bytes").GetInt64(), mark.GetProperty("processes").GetInt64()));
        Assert.False(mark.TryGetProperty("blocks", out _));
    }

    [Fact]
    public void Every_name_of_the_json_is_explained() => JsonNames.AreExplained(Text(RecordingStacksJson.Write, Small()), "docs/formats/export-json.md");

    [Fact]
    public void Folded_stacks_of_odd_names_are_a_line_a_stack()
    {
        var lines = Text(FoldedStacks.Write, Odd()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal([2, 1], lines.Select(line => line.Split(';').Length));
        Assert.All(lines, line => Assert.Matches(@"^[^\p{Cc}]+ \d+$", line));
    }

    [Fact]
    public void Rows_of_odd_names_come_back_from_CSV_as_they_were()
    {
        var cells = Cells().Matches(Text(StacksCsv.Write, Odd()).TrimEnd('\n')).Select(cell => cell.Groups[1].Value.Replace("\"\"", "\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(12 * 3, cells.Count);
        Assert.Equal("größe;a b\n\"q\",\\\u001b\u2028", cells[12][1..^1]);
        Assert.Equal(2, cells[23].Split('\n').Length);
    }

    [Fact]
    public void Json_of_odd_names_is_json()
    {
        foreach (var write in new Action<Stream, RecordingSummary, RecordingView>[] { SpeedscopeFile.Write, ChromeTraceFile.Write, RecordingStacksJson.Write })
        {
            using var document = JsonDocument.Parse(Text(write, Odd()));
            Assert.Contains("größe;a b\\n\\\"q\\\"", document.RootElement.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Speedscope_files_hold_what_their_published_schema_asks_and_add_up()
    {
        var file = Path.GetTempFileName();
        try
        {
            foreach (var recording in new[] { Small(), Odd(), SampleRecordings.Service(), new RecordingSketch().Finish() })
            {
                File.WriteAllBytes(file, Bytes(SpeedscopeFile.Write, recording));
                var check = Run("python3", ["-c", "import json, sys, jsonschema; jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))", file, Path.Combine(Repository.Root, Schemas, "speedscope.schema.json")], []);
                Assert.True(check.ExitCode == 0, check.Output);
                using var document = JsonDocument.Parse(File.ReadAllBytes(file));
                foreach (var (profile, view) in document.RootElement.GetProperty("profiles").EnumerateArray().Zip(Enum.GetValues<RecordingView>()))
                    Assert.Equal(recording.Usage.Sum(usage => view.Of(usage).Bytes), profile.GetProperty("weights").EnumerateArray().Sum(weight => weight.GetInt64()));
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Pprof_is_what_protoc_reads_by_the_schema()
    {
        Golden.Matches(Folder + "small.pprof.txt", Decoded(Small(), RecordingView.HighWater));
        var text = Decoded(SampleRecordings.Service(), RecordingView.Leaks);
        Assert.DoesNotMatch(@"(?m)^\s*\d+:", text); // A field that the schema doesn't have is shown by its number.
        var values = SampleValues().Matches(text).Select(match => match.Groups.Values.Skip(1).Select(group => long.Parse(group.Value)).ToArray()).ToList();
        var usage = SampleRecordings.Service().Usage;
        Assert.Equal(
            (usage.Sum(one => one.TotalBlocks), usage.Sum(one => one.TotalBytes), usage.Sum(one => one.EndBlocks), usage.Sum(one => one.EndBytes)),
            (values.Sum(one => one[0]), values.Sum(one => one[1]), values.Sum(one => one[2]), values.Sum(one => one[3])));
        Assert.Contains("gr\\303\\266\\303\\237e;a b\\n\\\"q\\\"", Decoded(Odd(), RecordingView.All), StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_has_counters_and_slices_that_nest()
    {
        using var document = JsonDocument.Parse(Text(ChromeTraceFile.Write, SampleRecordings.Service()));
        var events = document.RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        Assert.Equal(SampleRecordings.Service().Timeline.Count, events.Count(one => one.GetProperty("name").GetString() == "heap"));
        var slices = events.Where(one => one.GetProperty("ph").GetString() == "X").Select(one => (Start: one.GetProperty("ts").GetDouble(), End: one.GetProperty("ts").GetDouble() + one.GetProperty("dur").GetDouble())).ToList();
        var open = new Stack<double>();
        foreach (var (start, end) in slices)
        {
            while (open.Count > 0 && open.Peek() <= start + 0.001)
                open.Pop();
            Assert.True(open.Count == 0 || end <= open.Peek() + 0.001); // Thousandths of a microsecond: rounding of doubles.
            open.Push(end);
        }
        Assert.InRange(slices.Max(slice => slice.End), 0.99 * 2.1e6, 2.1e6 + 0.001);
    }

    private static string Decoded(RecordingSummary recording, RecordingView view)
    {
        using var unzipped = new MemoryStream();
        using (var zipped = new GZipStream(new MemoryStream(Bytes(PprofProfile.Write, recording, view)), CompressionMode.Decompress))
            zipped.CopyTo(unzipped);
        var run = Run("protoc", [$"--proto_path={Path.Combine(Repository.Root, Schemas)}", "--decode=perftools.profiles.Profile", "profile.proto"], unzipped.ToArray());
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }

    private static (int ExitCode, string Output) Run(string program, string[] arguments, byte[] input)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardInput.BaseStream.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return (process.ExitCode, output.Result + errors.Result);
    }

    private static byte[] Bytes(Action<Stream, RecordingSummary, RecordingView> write, RecordingSummary recording, RecordingView view = RecordingView.HighWater)
    {
        using var stream = new MemoryStream();
        write(stream, recording, view);
        return stream.ToArray();
    }

    private static string Text(Action<Stream, RecordingSummary, RecordingView> write, RecordingSummary recording) => Encoding.UTF8.GetString(Bytes(write, recording));

    private static string Text(Action<TextWriter, RecordingSummary, RecordingView> write, RecordingSummary recording)
    {
        using var text = new StringWriter();
        write(text, recording, RecordingView.HighWater);
        return text.ToString();
    }

    [GeneratedRegex("""(?:^|,|\n)("(?:[^"]|"")*"|[^,\n"]*)""")]
    private static partial Regex Cells();

    [GeneratedRegex(@"value: (\d+)\s+value: (\d+)\s+value: (\d+)\s+value: (\d+)")]
    private static partial Regex SampleValues();
}
