using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Hognose.Diagnostics;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;
using Hognose.Insights.Heaps;
using Hognose.Reports.ChromeTrace;
using Hognose.Reports.Csv;
using Hognose.Reports.Json;
using Hognose.Reports.Pprof;
using Hognose.Reports.Speedscope;
using Hognose.Reports.Terminal;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public sealed class TracemallocReportTests
{
    private static readonly HeapFacts Facts = new(
        4711, "python3", "3.11.7", "3.11.7", 1, 3, TimeSpan.FromMilliseconds(42), 1, false, 1 << 20,
        new ProcessMemory(9 << 20, 10 << 20, 7 << 20, 2 << 20, 0, 0), TimeSpan.FromSeconds(1));

    [Fact]
    public void The_report_on_eighty_columns()
    {
        Assert.Equal(
            """

              3.0 MiB in 5 blocks, as its tracemalloc has it
              at most 4.0 MiB so far, 2 frames kept of each stack
              pid 4711 (python3), Python 3.11.7, 3 threads
              The process stood still for 42 ms.

              Alive now  3 lines, 3.0 MiB in all
                 share       bytes  blocks  line
                66.7 %     2.0 MiB       3  array.py:1
                33.3 %     1.0 MiB       1  app.py:12
                                            <- app.py:40
                 0.0 %     8 bytes       1  <unknown>

              Of it 2.0 MiB in 3 blocks of domain 389047 (numpy's arrays)

              1 thing could not be read:
              HG0603: 1, the first: the stack at 0x10 can't be read

              hognose tracemalloc 4711 -o FILE.alloc  keep it, to compare with later
              hognose tracemalloc 4711 --tree  through which calls it came
              hognose attach 4711             every allocation from now on

            """,
            ReportText.Of(80, false, console => TracemallocReport.Write(console, "4711", Answer(), ReportText.Options with { FileName = null, View = RecordingView.Leaks })));
    }

    [Fact]
    public void What_was_kept_is_shown_without_what_is_not_known()
    {
        var text = ReportText.Of(Answer().Recording);
        Assert.Contains("app.py  Python 3.11.7  read from its tracemalloc", text, StringComparison.Ordinal);
        Assert.Contains("Alive when it was read  3 lines, 3.0 MiB in all", text, StringComparison.Ordinal);
        Assert.DoesNotContain("high-water", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Temporary", text, StringComparison.Ordinal);
    }

    /// <summary>tracemalloc knows lines and no functions: every format names the lines, and tells nothing of what it does not know.</summary>
    [Fact]
    public void Exports_name_lines_and_have_a_width()
    {
        var recording = Answer().Recording;
        string Text(Action<Stream, RecordingSummary, RecordingView> write)
        {
            using var stream = new MemoryStream();
            write(stream, recording, RecordingView.Leaks);
            return Encoding.UTF8.GetString(stream.ToArray());
        }

        using var scope = JsonDocument.Parse(Text(SpeedscopeFile.Write));
        var names = scope.RootElement.GetProperty("shared").GetProperty("frames").EnumerateArray().Select(frame => frame.GetProperty("name").GetString());
        Assert.Equal(["/srv/app/app.py:40", "/srv/app/app.py:12", "/srv/app/array.py:1", "<unknown>"], names.Skip(1).Take(4));

        using var trace = JsonDocument.Parse(Text(ChromeTraceFile.Write));
        var slices = trace.RootElement.GetProperty("traceEvents").EnumerateArray().Where(one => one.GetProperty("ph").GetString() == "X").ToList();
        Assert.Contains(slices, slice => slice.GetProperty("name").GetString()!.EndsWith("app.py:40", StringComparison.Ordinal));
        // Microseconds; a slice of 8 bytes is too narrow to be seen.
        Assert.Equal(1e6 * (3 << 20) / ((3 << 20) + 8), slices.Max(slice => slice.GetProperty("ts").GetDouble() + slice.GetProperty("dur").GetDouble()), 1e-6);

        using var unzipped = new MemoryStream();
        using var file = new MemoryStream();
        PprofProfile.Write(file, recording, RecordingView.Leaks);
        file.Position = 0;
        using (var zipped = new GZipStream(file, CompressionMode.Decompress))
            zipped.CopyTo(unzipped);
        Assert.Contains("app.py:12", Encoding.UTF8.GetString(unzipped.ToArray()), StringComparison.Ordinal);

        using var rows = new StringWriter();
        StacksCsv.Write(rows, recording, RecordingView.Leaks);
        Assert.All(rows.ToString().Split('\n').Where(line => line.Contains(".py,", StringComparison.Ordinal)), line => Assert.Matches(@"^,[^,]*,\d+,,,\d+,\d+,,,,,", line));
    }

    [Fact]
    public void Every_name_is_explained_in_the_documentation()
    {
        using var text = new StringWriter();
        TracemallocJson.Write(text, Answer(), ReportText.Options with { Grouping = SiteGrouping.Module, Modules = ["*"] });
        JsonNames.AreExplained(text.ToString(), "docs/formats/tracemalloc-json.md", "docs/formats/heap-json.md", "docs/formats/show-json.md");
    }

    /// <summary>As many lines before as after, none of them the same: functions would have them paired in order.</summary>
    [Fact]
    public void Lines_without_functions_are_the_same_by_their_number_alone()
    {
        var (before, after) = (Recording((12, 5), (20, 7)), Recording((20, 9), (31, 1)));
        var changes = RecordingComparison.Of(before, after, RecordingView.Leaks, SiteGrouping.Line).Sites
            .Select(site => (site.Before?.Line, site.After?.Line, site.UsageAfter.EndBytes - site.UsageBefore.EndBytes)).Order();
        Assert.Equal([(null, 31, 1), (12, null, -5), (20, 20, 2)], changes);
    }

    private static RecordingSummary Recording(params (int Line, long Bytes)[] lines) => new(
        RecordingSketch.FactsOf([], []) with { Tracemalloc = new TracemallocFacts(1, -1) },
        new StackTable([new SourceFrame("", "", 0, 0), .. lines.Select(each => new SourceFrame("", "/srv/app.py", each.Line, each.Line))], new int[lines.Length + 1], [.. Enumerable.Range(0, lines.Length + 1)]),
        [default, .. lines.Select(each => Alive(each.Bytes, 1))],
        []);

    private static TracedHeap Answer()
    {
        const long mebibyte = 1 << 20;
        var trouble = new DiagnosticBag();
        trouble.Add("HG0603", "the stack at 0x10 can't be read");
        StackUsage[] usage = [default, default, Alive(mebibyte, 1), Alive(2 * mebibyte, 3), Alive(8, 1)];
        var facts = RecordingSketch.FactsOf(usage, []) with
        {
            CommandLine = ["/usr/bin/python3", "app.py"],
            PythonVersion = "3.11.7",
            EndBytes = (3 * mebibyte) + 8,
            EndBlocks = 5,
            Tracemalloc = new TracemallocFacts(2, 4 * mebibyte) { CutStacks = 1, Domains = [new(0, mebibyte + 8, 2), new(389047, 2 * mebibyte, 3)] },
        };
        SourceFrame[] frames = [new("", "", 0, 0), new("", "/srv/app/app.py", 40, 40), new("", "/srv/app/app.py", 12, 12), new("", "/srv/app/array.py", 1, 1), new("", "<unknown>", 0, 0)];
        return new TracedHeap(Facts, new RecordingSummary(facts, new StackTable(frames, [0, 0, 1, 0, 0], [0, 1, 2, 3, 4]), usage, []), trouble);
    }

    private static StackUsage Alive(long bytes, long blocks) =>
        new() { PeakBytes = bytes, PeakBlocks = blocks, EndBytes = bytes, EndBlocks = blocks, TotalBytes = bytes, TotalBlocks = blocks };
}
