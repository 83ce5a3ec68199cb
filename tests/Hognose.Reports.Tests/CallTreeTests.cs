using CsCheck;
using Hognose.Insights.Allocations;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class CallTreeTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";
    private const string Library = "/usr/lib/python3.11/json/decoder.py";

    private static readonly CallTreeShape Down = new(IsInverted: false, SiteGrouping.Line, 0, IsWhole: false);

    [Theory]
    [InlineData("calls-down-100", 100, false, SiteGrouping.Line)]
    [InlineData("calls-up-80", 80, true, SiteGrouping.Function)]
    [InlineData("calls-modules-80", 80, false, SiteGrouping.Module)]
    public void The_tree_looks_as_it_was_looked_at(string golden, int width, bool isInverted, SiteGrouping grouping)
    {
        var recording = SampleRecordings.Service();
        var tree = CallTree.Of(recording, RecordingView.HighWater, new CallTreeShape(isInverted, grouping, 0.01, IsWhole: false));
        Golden.Matches(
            $"{Folder}{golden}.txt",
            ReportText.Of(width, false, console => CallTreeReport.Write(console, recording.Facts, tree, ReportText.Options with { Grouping = grouping })));
    }

    [Fact]
    public void Its_json_keeps_names_and_values()
    {
        var recording = new RecordingSketch().Held("<module> a.py:1 > f a.py:2", 90, 2).Held("<module> a.py:1", 9, 1).Held("", 1, 1).Moment(0, 0, 1).Finish();
        using var output = new StringWriter();
        CallTreeJson.Write(output, recording.Facts, CallTree.Of(recording, RecordingView.HighWater, Down with { SmallestShare = 0.05 }), ReportText.Options);
        Golden.Matches(Folder + "calls.json", output.ToString());
        JsonNames.AreExplained(output.ToString(), "docs/formats/call-tree-json.md");
    }

    [Fact]
    public void Frames_of_libraries_are_left_out_but_for_the_one_that_allocated()
    {
        var recording = new RecordingSketch()
            .Held($"<module> main.py:1 > load main.py:5 > decode {Library}:10 > raw {Library}:20", 100, 1)
            .Held($"<module> main.py:1 > sort {Library}:3 > key main.py:9", 10, 1)
            .Finish();

        Assert.Equal("<module>:110(load:100(1>raw:100) 1>key:10)", Text(CallTree.Of(recording, RecordingView.HighWater, Down).Top));
        Assert.Equal("raw:100(1>load:100(<module>:100)) key:10(1><module>:10)", Text(CallTree.Of(recording, RecordingView.HighWater, Down with { IsInverted = true }).Top));
        Assert.Equal(
            "<module>:110(load:100(decode:100(raw:100)) sort:10(key:10))", Text(CallTree.Of(recording, RecordingView.HighWater, Down with { IsWhole = true }).Top));
    }

    [Fact]
    public void A_stack_of_libraries_alone_keeps_its_ends()
    {
        var recording = new RecordingSketch().Held($"run <frozen runpy>:1 > main {Library}:1 > decode {Library}:10 > raw {Library}:20", 100, 1).Finish();
        Assert.Equal("main:100(1>raw:100)", Text(CallTree.Of(recording, RecordingView.HighWater, Down).Top));
    }

    [Fact]
    public void Recursion_is_one_place_and_a_deep_stack_has_an_end()
    {
        var recursion = new RecordingSketch().Held("walk a.py:9 > walk a.py:9 > walk a.py:7", 5, 1).Held("walk a.py:9 > walk a.py:7", 1, 1).Finish();
        Assert.Equal("walk:6(walk:6)", Text(CallTree.Of(recursion, RecordingView.HighWater, Down).Top));
        Assert.Equal("walk:6", Text(CallTree.Of(recursion, RecordingView.HighWater, Down with { Grouping = SiteGrouping.Function }).Top));

        var deep = new RecordingSketch().Held(string.Join(" > ", Enumerable.Range(1, 500).Select(line => $"f a.py:{line}")), 7, 1).Finish();
        var levels = 0;
        var node = CallTree.Of(deep, RecordingView.HighWater, Down).Top;
        for (; node.Parts.Count > 0; levels++)
            node = node.Parts[0];
        Assert.Equal((100, 500, 400), (levels, node.Place!.Line, node.FramesBetween));
    }

    [Fact]
    public void What_is_cut_is_counted()
    {
        var recording = new RecordingSketch().Held("m a.py:1 > big a.py:2", 970, 1).Held("m a.py:1 > small a.py:3", 20, 1).Held("m a.py:1 > tiny a.py:4", 10, 1).Finish();
        var tree = CallTree.Of(recording, RecordingView.HighWater, Down with { SmallestShare = 0.025 });
        var top = Assert.Single(tree.Top.Parts);
        Assert.Equal((2, 30, 2, 30), (tree.CutBranches, tree.CutBytes, top.OtherParts, top.OtherBytes));
    }

    [Fact]
    public void Every_byte_is_somewhere_in_either_tree() =>
        Gen.Select(Gen.Select(Gen.Int[0, 3], Gen.Int[1, 5]).Array[0, 12], Gen.Long[1, 1000]).List[1, 30].Sample(stacks =>
        {
            var sketch = new RecordingSketch();
            foreach (var (places, bytes) in stacks)
                sketch.Held(string.Join(" > ", places.Select(place => $"f{place.Item1} {(place.Item1 == 3 ? Library : "/a.py")}:{place.Item2}")), bytes, 1);
            var recording = sketch.Finish();
            foreach (var isInverted in (ReadOnlySpan<bool>)[false, true])
                foreach (var isWhole in (ReadOnlySpan<bool>)[false, true])
                {
                    var top = CallTree.Of(recording, RecordingView.HighWater, Down with { IsInverted = isInverted, IsWhole = isWhole }).Top;
                    Assert.Equal(stacks.Sum(stack => stack.Item2), top.Bytes);
                    AddsUp(top);
                }
        });

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        var recording = new RecordingSketch().Held(string.Join(" > ", Enumerable.Range(1, 60).Select(line => $"function_{line} /srv/app/a_file_with_a_name.py:{line}")), 7, 1).Moment(0, 0, 1).Finish();
        foreach (var isUp in new[] { false, true })
            foreach (var line in ReportText.Of(width, true, console => CallTreeReport.Write(
                console, recording.Facts, CallTree.Of(recording, RecordingView.HighWater, Down with { IsInverted = isUp }), ReportText.Options)).Split('\n'))
                Assert.True(Names.Width(line) <= width, line);
    }

    private static void AddsUp(CallNode node)
    {
        Assert.Equal(node.Bytes, node.OwnBytes + node.OtherBytes + node.Parts.Sum(part => part.Bytes));
        foreach (var part in node.Parts)
            AddsUp(part);
    }

    private static string Text(CallNode node) => string.Join(' ', node.Parts.Select(part =>
        $"{(part.FramesBetween > 0 ? part.FramesBetween + ">" : "")}{part.Place?.Function}:{part.Bytes}{(part.Parts.Count > 0 ? $"({Text(part)})" : "")}"));
}
