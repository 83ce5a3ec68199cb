using System.Text.Json;
using System.Text.RegularExpressions;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Comparisons;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class ComparisonTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";

    private static RecordingSummary Before() => SampleRecordings.Service();

    /// <summary>The cache keeps more, the loader less, a function moved to another line and another folder, one is new, one is gone.</summary>
    private static RecordingSummary After()
    {
        var before = SampleRecordings.Service();
        SourceFrame Changed(SourceFrame frame) => frame.Function switch
        {
            "Cache.put" => frame with { Line = 95, FirstLine = 8 },
            "walk" => frame with { Function = "descend" },
            _ => frame,
        };
        StackUsage Grown(StackUsage usage, SourceFrame frame) => frame.Function switch
        {
            "Cache.put" => usage with { PeakBytes = usage.PeakBytes * 3 / 2, EndBytes = usage.EndBytes * 3 / 2, TotalBytes = usage.TotalBytes * 3 / 2, PeakBlocks = usage.PeakBlocks + 1000 },
            "raw_decode" => usage with { PeakBytes = usage.PeakBytes / 2 },
            _ => usage,
        };
        return before with
        {
            Stacks = before.Stacks with { Frames = [.. before.Stacks.Frames.Select(frame => Changed(frame) with { File = frame.File.Replace("/srv/", "/build/7/", StringComparison.Ordinal) })] },
            Usage = [.. before.Usage.Select((usage, stack) => stack == 0 ? usage : Grown(usage, before.Stacks.Frames[before.Stacks.InnermostFrame[stack]]))],
        };
    }

    [Theory]
    [InlineData(80, RecordingView.HighWater, SiteGrouping.Line)]
    [InlineData(110, RecordingView.Leaks, SiteGrouping.Function)]
    public void The_comparison_looks_as_it_was_looked_at(int width, RecordingView view, SiteGrouping grouping)
    {
        var comparison = RecordingComparison.Of(Before(), After(), view, grouping);
        var text = ReportText.Of(width, false, console => ComparisonReport.Write(
            console, comparison, "before.alloc", new RecordingReportOptions("after.alloc", "/build/7/app", 5, grouping) { View = view }));
        Golden.Matches($"{Folder}compare-{RecordingWords.Name(view)}-{width}.txt", text);
        Assert.All(text.Split('\n').Where(ReportText.IsNoCommand), line => Assert.True(Names.Width(line) <= width, line));
    }

    [Fact]
    public void Its_json_keeps_names_and_values()
    {
        var comparison = RecordingComparison.Of(
            new RecordingSketch().Held("f /a/x.py:2", 90, 2).Held("g /a/x.py:5", 9, 1).Finish(), new RecordingSketch().Held("f /a/x.py:3", 95, 2).Finish(), RecordingView.HighWater, SiteGrouping.Line);
        using var output = new StringWriter();
        ComparisonJson.Write(output, comparison, []);
        Golden.Matches(Folder + "compare.json", output.ToString());
        JsonNames.AreExplained(output.ToString(), "docs/formats/compare-json.md");
    }

    [Fact]
    public void A_recording_is_the_same_as_itself_and_nothing_is_lost()
    {
        foreach (var grouping in Enum.GetValues<SiteGrouping>())
        {
            Assert.All(RecordingComparison.Of(Before(), Before(), RecordingView.HighWater, grouping).Sites, site => Assert.Equal(site.UsageBefore, site.UsageAfter));
            var comparison = RecordingComparison.Of(Before(), After(), RecordingView.All, grouping);
            Assert.Equal(comparison.TotalBefore.TotalBytes, comparison.Sites.Sum(site => site.UsageBefore.TotalBytes));
            Assert.Equal(comparison.TotalAfter.TotalBytes, comparison.Sites.Sum(site => site.UsageAfter.TotalBytes));
        }
    }

    [Fact]
    public void Functions_are_known_again_in_another_folder_and_on_other_lines()
    {
        var sites = RecordingComparison.Of(Before(), After(), RecordingView.HighWater, SiteGrouping.Line).Sites;
        var put = Assert.Single(sites, site => site.After?.Function == "Cache.put");
        Assert.Equal((88, 95, 46_000_000L), (put.Before!.Line, put.After!.Line, put.Growth(RecordingView.HighWater).Bytes));
        Assert.Equal("walk", Assert.Single(sites, site => site.IsGone).Before!.Function);
        Assert.Equal("descend", Assert.Single(sites, site => site.IsNew).After!.Function);
    }

    [Theory]
    [InlineData("3 5", "3 5", "3-3 5-5")]
    [InlineData("3 5", "4 9", "3-4 5-9")] // as many: in order
    [InlineData("3 5", "3 5 9", "3-3 5-5 new 9")]
    [InlineData("3 5 8", "3 6 7 10", "3-3 5-7 8-10 new 6")] // what lies behind an insertion moved with the end
    [InlineData("3 5 8", "3 6 8 9 20", "3-3 8-20 5-6,8,9")] // which of three is line 5 cannot be told: one row
    [InlineData("3 5", "5", "gone 3 5-5")]
    [InlineData("", "5", "new 5")]
    public void Lines_of_a_function_are_matched_as_far_as_can_be_told(string before, string after, string rows)
    {
        int[] One(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
        RecordingSummary Of(int[] lines) => lines.Aggregate(new RecordingSketch(), (sketch, line) => sketch.Held($"f a.py:{line}", 1L << line, 1)).Finish();
        var sites = RecordingComparison.Of(Of(One(before)), Of(One(after)), RecordingView.HighWater, SiteGrouping.Line).Sites;
        // Every line is in one row, before and after.
        Assert.Equal(One(before).Sum(line => 1L << line), sites.Sum(site => site.UsageBefore.PeakBytes));
        Assert.Equal(One(after).Sum(line => 1L << line), sites.Sum(site => site.UsageAfter.PeakBytes));
        Assert.Equal(Expected(rows), string.Join(' ', sites.Select(Row).Order(StringComparer.Ordinal)));

        static string Lines(long bytes) => string.Join(',', Enumerable.Range(0, 21).Where(line => (bytes >> line & 1) == 1));
        static string Row(SiteChange site) => site.IsNew ? $"new {Lines(site.UsageAfter.PeakBytes)}" : site.IsGone ? $"gone {Lines(site.UsageBefore.PeakBytes)}"
            : $"{Lines(site.UsageBefore.PeakBytes)}-{Lines(site.UsageAfter.PeakBytes)}";
        static string Expected(string text) => string.Join(' ', Regex.Matches(text, @"(new |gone )?\S+").Select(match => match.Value).Order(StringComparer.Ordinal));
    }

    /// <summary>Samples of f and of g, each so far off.</summary>
    private static RecordingSummary Sampled(long f, long g, double standardErrorOfF)
    {
        var recording = new RecordingSketch().Held("f /a/x.py:2", f, 2, f, 2).Held("g /a/x.py:5", g, 1, g, 1).Finish(facts => facts with { SampleBytes = 1024 });
        var variance = new StackVariance { PeakBytes = standardErrorOfF * standardErrorOfF, EndBytes = standardErrorOfF * standardErrorOfF };
        return recording with { Variances = [default, variance, new StackVariance { PeakBytes = 1, EndBytes = 1 }] };
    }

    [Fact]
    public void What_samples_of_one_program_differ_by_is_no_growth()
    {
        // Two standard errors of the difference: 2 √(3000² + 4000²) = 10,000 bytes of f; of the whole by a little more.
        var comparison = RecordingComparison.Of(Sampled(50_000, 7000, 3000), Sampled(59_000, 7500, 4000), RecordingView.HighWater, SiteGrouping.Line);
        var f = Assert.Single(comparison.Sites, site => site.After?.Function == "f");
        var g = Assert.Single(comparison.Sites, site => site.After?.Function == "g");
        Assert.Equal((10_000, true), (f.Error(RecordingView.HighWater).Bytes, f.IsWithinError(RecordingView.HighWater)));
        Assert.Equal((3, false), (g.Error(RecordingView.HighWater).Bytes, g.IsWithinError(RecordingView.HighWater)));
        Assert.Equal(10_001, comparison.Error(RecordingView.HighWater).Bytes);
        Assert.False(new GrowthLimit("", 0.05, 0).IsExceeded(57_000, 66_500, 10_001));
        Assert.True(new GrowthLimit("", 0.05, 0).IsExceeded(57_000, 66_500, 0));

        var text = ReportText.Of(80, false, console => ComparisonReport.Write(console, comparison, "before.alloc", new RecordingReportOptions("after.alloc", "/a", 5, SiteGrouping.Line)));
        Assert.Contains("+9.3 KiB    +- 9.8 KiB", text, StringComparison.Ordinal);
        Assert.Contains("Grew: high-water mark  1 line, +500 bytes in all", text, StringComparison.Ordinal);
        Assert.Contains("Left out: 1 line whose change (+8.8 KiB in all) is within", text, StringComparison.Ordinal);

        using var output = new StringWriter();
        ComparisonJson.Write(output, comparison, []);
        JsonNames.AreExplained(output.ToString(), "docs/formats/compare-json.md");
        using var json = JsonDocument.Parse(output.ToString());
        Assert.Equal(10_001, json.RootElement.GetProperty("bytes_error").GetInt64());
        Assert.Equal([true, false], json.RootElement.GetProperty("sites").EnumerateArray().Select(site => site.TryGetProperty("within_error", out var within) && within.GetBoolean()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("after").GetProperty("temporary_bytes").ValueKind);
    }

    [Fact]
    public void The_tree_of_calls_and_the_lines_of_samples_tell_their_errors()
    {
        var recording = Sampled(50_000, 7000, 3000);
        var tree = CallTree.Of(recording, RecordingView.HighWater, new CallTreeShape(IsInverted: false, SiteGrouping.Line, 0, IsWhole: true));
        Assert.Equal((6001, 6000), (tree.Top.BytesError, tree.Top.Parts[0].BytesError));
        var options = new RecordingReportOptions("x.alloc", "/a");
        Assert.Contains("~ 48.8 KiB +- 12 %", ReportText.Of(80, false, console => CallTreeReport.Write(console, recording.Facts, tree, options)), StringComparison.Ordinal);
        var files = SourceLines.Of(recording, own: true);
        var text = ReportText.Of(100, false, console => SourceLinesReport.Write(console, recording.Facts, files, _ => new SourceText([], ""), "/a", own: true, whole: true));
        Assert.Contains("48.8 KiB +- 12 %", text, StringComparison.Ordinal);

        using var output = new StringWriter();
        CallTreeJson.Write(output, recording.Facts, tree, options);
        SourceLinesJson.Write(output, recording.Facts, files, own: true);
        JsonNames.AreExplained(output.ToString().Split("\n{")[0], "docs/formats/call-tree-json.md");
        Assert.Contains("\"bytes_error\": 6001", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"high_water_bytes_error\": 6000", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.05, 0, 100, 105, false)]
    [InlineData(0.05, 0, 100, 106, true)]
    [InlineData(0.05, 0, 0, 1, true)]
    [InlineData(0.05, 0, 0, 0, false)]
    [InlineData(null, 10, 100, 110, false)]
    [InlineData(null, 10, 100, 111, true)]
    [InlineData(null, 0, 100, 90, false)]
    public void A_limit_is_exceeded_by_more_than_it_says(double? share, long bytes, long before, long after, bool isExceeded) =>
        Assert.Equal(isExceeded, new GrowthLimit("", share, bytes).IsExceeded(before, after, error: 0));
}
