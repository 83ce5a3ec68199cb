using Hognose.Insights.Allocations;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class SiteInsightTests
{
    [Theory]
    [InlineData(SiteGrouping.Line)]
    [InlineData(SiteGrouping.Function)]
    [InlineData(SiteGrouping.File)]
    public void Sites_add_up_to_the_total_also_under_recursion(SiteGrouping grouping)
    {
        var recording = new RecordingSketch()
            .Held("f a.py:1", 1, 1).Held("f a.py:1 > f a.py:1", 10, 2).Held("f a.py:1 > f a.py:2 > f a.py:1", 100, 3).Held("g a.py:9 > f a.py:1", 1000, 4).Held("", 5, 1).Finish();
        var ranking = SiteRanker.Rank(recording, RecordingView.HighWater, grouping, int.MaxValue);
        Assert.Equal(1116, ranking.TotalBytes);
        Assert.Equal(1116, ranking.Sites.Sum(site => site.Bytes));
        Assert.Equal(1111, ranking.Sites.Where(site => site.Place is not null).Sum(site => site.Bytes));
        Assert.Equal(11, ranking.Sites.Sum(site => site.Blocks));
    }

    [Fact]
    public void A_caller_of_next_to_nothing_is_not_named()
    {
        var sketch = new RecordingSketch();
        for (var way = 0; way < 300; way++)
            sketch.Held($"caller{way} a.py:{way + 1} > make b.py:7", 1000, 1);
        Assert.DoesNotContain("<- ", ReportText.Of(sketch.Finish()), StringComparison.Ordinal);
    }

    [Fact]
    public void Grouping_by_line_function_and_file_tells_places_apart_as_it_says()
    {
        var recording = new RecordingSketch().Held("f a.py:1", 1, 1).Held("f a.py:2", 2, 1).Held("g a.py:2", 4, 1).Held("f b.py:1", 8, 1).Finish();
        Assert.Equal([8, 4, 2, 1], Bytes(SiteGrouping.Line));
        Assert.Equal([8, 4, 3], Bytes(SiteGrouping.Function));
        Assert.Equal([8, 7], Bytes(SiteGrouping.File));
        IEnumerable<long> Bytes(SiteGrouping grouping) => SiteRanker.Rank(recording, RecordingView.HighWater, grouping, 10).Sites.Select(site => site.Bytes);
    }

    [Fact]
    public void The_callers_pass_over_libraries_and_recursion_to_code_of_the_program()
    {
        const string Library = "/usr/lib/python3.11/json/decoder.py";
        var recording = new RecordingSketch()
            .Held($"<module> main.py:1 > load main.py:5 > decode {Library}:10 > raw {Library}:20", 100, 1)
            .Held($"<module> main.py:2 > other main.py:8 > decode {Library}:10 > raw {Library}:20", 1, 1)
            .Finish();
        var callers = Assert.Single(SiteRanker.Rank(recording, RecordingView.HighWater, SiteGrouping.Line, 10).Sites).Callers;
        Assert.Equal(["load", "<module>"], callers.Select(caller => caller.Frame.Function));
        Assert.Equal(100, callers[0].Bytes);
        Assert.Equal(1, callers[0].FramesBetween);
    }

    [Fact]
    public void Recursion_names_the_first_caller_that_is_another_function()
    {
        var recording = new RecordingSketch().Held("start a.py:9 > walk a.py:3 > walk a.py:3 > walk a.py:4", 100, 1).Finish();
        var callers = SiteRanker.Rank(recording, RecordingView.HighWater, SiteGrouping.Line, 10).Sites[0].Callers;
        Assert.Equal("start", Assert.Single(callers).Frame.Function);
    }

    [Fact]
    public void Code_given_to_exec_is_passed_over_and_that_of_python_c_is_not()
    {
        var recording = new RecordingSketch()
            .Held("<module> <string>:1 > run <frozen runpy>:3 > load /srv/app.py:2", 100, 1)
            .Held("main /srv/main.py:1 > <module> <string>:9 > get <frozen importlib>:2", 10, 1).Finish();
        var sites = SiteRanker.Rank(recording, RecordingView.HighWater, SiteGrouping.Line, 10).Sites;
        Assert.Equal("<string>", Assert.Single(sites[0].Callers).Frame.File);
        Assert.Equal("main", Assert.Single(sites[1].Callers).Frame.Function);
    }

    [Fact]
    public void What_was_freed_does_not_survive()
    {
        var recording = new RecordingSketch().Held("f a.py:1", 100, 10, 7, 1).Held("g a.py:2", 100, 10).Finish();
        var site = Assert.Single(SiteRanker.Rank(recording, RecordingView.Leaks, SiteGrouping.Line, 10).Sites);
        Assert.Equal((7L, 1L), (site.Bytes, site.Blocks));
    }

    [Theory]
    [InlineData("/usr/lib/python3.11/json/decoder.py", "json/decoder.py")]
    [InlineData("/venv/lib/python3.12/site-packages/requests/api.py", "requests/api.py")]
    [InlineData("/usr/lib/python3/dist-packages/apt/cache.py", "apt/cache.py")]
    [InlineData("/home/me/python3/tool.py", null)]
    [InlineData("/srv/app.py", null)]
    public void A_library_is_told_by_its_path(string file, string? inside)
    {
        Assert.Equal(inside is not null, LibraryCode.Holds(file, outermost: false));
        Assert.Equal(inside ?? file, file[LibraryCode.PackageStart(file)..]);
    }

    [Fact]
    public void The_picture_keeps_every_peak_and_carries_values_over_gaps()
    {
        var recording = new RecordingSketch().Moment(0, 1, 5).Moment(0.1, 9, -1).Moment(0.11, 2, 6).Moment(1, 0, 3)
            .Finish(facts => facts with { PeakBytes = 10 << 20, PeakNanoseconds = RecordingSketch.Nanoseconds(0.105) });
        var memory = MemoryOverTime.Of(recording, 10);
        Assert.Equal(1, memory.PeakStep);
        Assert.Equal([1L << 20, 10 << 20, 10 << 20, 10 << 20], memory.HeapBytes[..4]);
        Assert.Equal(0, memory.HeapBytes[9]);
        Assert.Equal(6 << 20, memory.ResidentBytes[8]);
    }
}
