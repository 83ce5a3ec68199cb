using CsCheck;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class SourceLinesTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";

    private static readonly string[] Cache =
    [
        "class Cache:", "    def __init__(self):", "        self.rows = {}", "", "    def put(self, key, row):", "        \u001b[2J = 1  # a name that moves the cursor",
        "        if key in self.rows:", "            return", "        text = repr(row)", "\tself.rows[key] = text", "        self.count += 1",
    ];

    private static RecordingSummary Recording() => new RecordingSketch()
        .Stack("<module> /srv/app/main.py:3 > put /srv/app/cache.py:9", new StackUsage { TotalBytes = 9_000_000, TotalBlocks = 9_000, PeakBytes = 1_000, PeakBlocks = 1 })
        .Stack("<module> /srv/app/main.py:3 > put /srv/app/cache.py:10", new StackUsage { TotalBytes = 4_000_000, TotalBlocks = 40, EndBytes = 3_000_000, EndBlocks = 30, PeakBytes = 3_500_000, PeakBlocks = 35 })
        .Stack("<module> /srv/app/main.py:7 > walk /srv/app/main.py:5 > walk /srv/app/main.py:5 > walk /srv/app/main.py:6", new StackUsage { TotalBytes = 300, TotalBlocks = 3, EndBytes = 100, EndBlocks = 1 })
        .Finish();

    [Theory]
    [InlineData("lines-100.txt", false, false)]
    [InlineData("lines-own-whole-100.txt", true, true)]
    public void The_source_reads_as_it_was_read(string golden, bool own, bool whole)
    {
        var recording = Recording();
        var files = SourceLines.Of(recording, own);
        var text = ReportText.Of(100, false, console => SourceLinesReport.Write(
            console, recording.Facts, files, file => file.EndsWith("cache.py", StringComparison.Ordinal) ? new SourceText(Cache, "") : new SourceText([], $"'{file}' is not there to be shown beside the figures."),
            "/srv/app", own, whole));

        Golden.Matches(Folder + golden, text);
    }

    [Fact]
    public void Recursion_counts_nothing_twice_and_a_callers_line_holds_its_callees()
    {
        var main = SourceLines.Of(Recording(), own: false).Single(file => file.File == "/srv/app/main.py");

        Assert.Equal([3, 5, 6, 7], main.Lines.Select(line => line.Line));
        Assert.Equal([13_000_000, 300, 300, 300], main.Lines.Select(line => line.Allocated));
        Assert.Equal([3_000_000, 100, 100, 100], main.Lines.Select(line => line.Net));
        Assert.Equal((13_000_300L, 3_501_000L), (main.Total.Allocated, main.Total.AtPeak));
    }

    [Fact]
    public void Own_bytes_of_all_lines_are_all_bytes_and_agree_with_a_plain_sum() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[1, 4], Gen.Long[1, 1000], Gen.Long[0, 1000]).Array[1, 20].List[1, 20].Sample(stacks =>
        {
            var sketch = new RecordingSketch();
            var plain = new Dictionary<(string, int), long>();
            var through = new Dictionary<(string, int), long>();
            foreach (var stack in stacks)
            {
                var bytes = stack[^1].Item3;
                var places = stack.Select(frame => (File: $"/f{frame.Item1}.py", Line: frame.Item2)).ToList();
                sketch.Stack(string.Join(" > ", places.Select(place => $"f {place.File}:{place.Line}")), new StackUsage { TotalBytes = bytes, TotalBlocks = 1 });
                plain[places[^1]] = plain.GetValueOrDefault(places[^1]) + bytes;
                foreach (var place in places.Distinct())
                    through[place] = through.GetValueOrDefault(place) + bytes;
            }
            var recording = sketch.Finish();

            Assert.Equivalent(plain, Flat(SourceLines.Of(recording, own: true)), strict: true);
            Assert.Equivalent(through, Flat(SourceLines.Of(recording, own: false)), strict: true);
        });

    private static Dictionary<(string, int), long> Flat(IEnumerable<SourceUsage> files) =>
        files.SelectMany(file => file.Lines.Select(line => (file.File, line))).ToDictionary(each => (each.File, each.line.Line), each => each.line.Allocated);
}
