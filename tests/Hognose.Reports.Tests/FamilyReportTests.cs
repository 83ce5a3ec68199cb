using System.Text.Json;
using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Insights.Families;
using Hognose.Reports.Json;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class FamilyReportTests
{
    private const int MiB = 1 << 20;
    private static readonly DateTimeOffset Begin = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private static RecordingReportOptions Options { get; } = ReportText.Options with { Recordings = "hognose-main.4711.alloc --family" };

    [Theory]
    [InlineData(80, false)]
    [InlineData(110, true)]
    public void A_family_looks_as_it_was_looked_at(int width, bool unicode) =>
        Golden.Matches(
            $"tests/Hognose.Reports.Tests/Golden/family-{width}{(unicode ? "-unicode" : "")}.txt",
            ReportText.Of(width, unicode, console => FamilyReport.Write(console, Family(), ["cannot read 'hognose-main.4719.alloc': there is no such file"], Options)));

    [Theory]
    [InlineData(60)]
    [InlineData(100)]
    public void No_line_is_wider_than_the_terminal(int width) =>
        Assert.All(
            ReportText.Of(width, true, console => FamilyReport.Write(console, Family(), [new string('x', 30)], Options)).Split('\n').Where(ReportText.IsNoCommand),
            line => Assert.True(Names.Width(line) <= width, line));

    [Fact]
    public void What_was_alive_at_a_time_is_of_no_end()
    {
        var whole = Family();
        var part = whole with { Together = whole.Together with { Facts = whole.Together.Facts with { Part = "at 0.5 s", IsUntilEnd = false } } };
        Assert.Contains("each process at its own end", Text(whole), StringComparison.Ordinal);
        Assert.DoesNotContain("at its own end", Text(part), StringComparison.Ordinal);
        Assert.Contains("of all processes that ran then", Text(part), StringComparison.Ordinal);

        static string Text(RecordedFamily family) => ReportText.Of(110, true, console => FamilyReport.Write(console, family, [], Options));
    }

    [Fact]
    public void Every_name_of_the_JSON_is_explained() => JsonNames.AreExplained(Json(Family()), "docs/formats/family-json.md");

    [Fact]
    public void Sites_add_up_over_processes_and_name_the_one_with_the_most()
    {
        var ranking = Family().Rank(RecordingView.HighWater, SiteGrouping.Function, 10);
        Assert.Equal((44L * MiB, 44L * MiB), (ranking.TotalBytes, ranking.Sites.Sum(site => site.Bytes)));
        var rows = ranking.Sites.Single(site => site.Place?.Function == "rows");
        Assert.Equal((31L * MiB, 3, 4713, 18L * MiB), (rows.Bytes, rows.Processes, rows.LargestProcess, rows.LargestBytes));
        var none = ranking.Sites.Single(site => site.Place is null);
        Assert.Equal((2L * MiB, 1, 4711), (none.Bytes, none.Processes, none.LargestProcess));
    }

    [Theory]
    [InlineData(SiteGrouping.Line)]
    [InlineData(SiteGrouping.File)]
    [InlineData(SiteGrouping.Module)]
    public void Every_site_is_held_by_at_least_one_process(SiteGrouping grouping) =>
        Assert.All(Family().Rank(RecordingView.All, grouping, 100).Sites, site =>
        {
            Assert.InRange(site.Processes, 1, 4);
            Assert.InRange(site.LargestBytes, (site.Bytes + 3) / 4, site.Bytes);
        });

    [Fact]
    public void Processes_stand_beneath_those_that_started_them() => Assert.Equal(
        ["4711 app.py 0", "4712 fork of 4711 1", "4713 multiprocessing.spawn 1", "4713 exec: job.py 2"],
        Family().Processes.Select(process => $"{process.Facts.ProcessId} {FamilyWords.Of(process)} {process.Depth}"));

    [Fact]
    public void The_familys_high_water_mark_is_of_what_they_held_at_the_same_time()
    {
        // 4711 holds 10 MiB to its end at 10 s; 4712 5 MiB from 1 s to 2 s; 4713 20 MiB from 4 s to 5 s.
        var family = Family();
        Assert.Equal((30L * MiB, 2), (family.OverTime.PeakBytes, family.OverTime.PeakProcesses));
        Assert.InRange(family.OverTime.PeakNanoseconds, RecordingSketch.Nanoseconds(4), RecordingSketch.Nanoseconds(5));
        Assert.True(family.SharesClock);
    }

    [Fact]
    public void High_water_marks_that_were_not_at_the_same_time_do_not_meet()
    {
        // Each was at its mark between two points, and at 1 MiB at each point.
        var builder = new FamilyBuilder(byProcess: false);
        foreach (var (process, peakAt) in new[] { (1, 0.4), (2, 0.6) })
            Assert.True(builder.TryAdd(
                new RecordingSketch().Held("f a.py:1", 9 * MiB, 1).Moment(0, 1, -1).Moment(1, 1, -1)
                    .Finish(facts => facts with { ProcessId = process, PeakNanoseconds = RecordingSketch.Nanoseconds(peakAt), FamilyId = 7, BeganNanoseconds = 1_000 }),
                "x.alloc"));
        Assert.Equal(10L * MiB, builder.Build().OverTime.PeakBytes);
    }

    [Fact]
    public void Recordings_of_two_runs_are_put_in_order_by_the_wall_clock()
    {
        var builder = new FamilyBuilder(byProcess: false);
        builder.TryAdd(new RecordingSketch().Held("f a.py:1", MiB, 1).Finish(facts => facts with { FamilyId = 1, BeganNanoseconds = 50, StartedAt = Begin.AddSeconds(3) }), "b.alloc");
        builder.TryAdd(new RecordingSketch().Held("f a.py:1", MiB, 1).Finish(facts => facts with { FamilyId = 2, BeganNanoseconds = 90, StartedAt = Begin, ProcessId = 9 }), "a.alloc");
        var family = builder.Build();
        Assert.False(family.SharesClock);
        Assert.Equal(["a.alloc", "b.alloc"], family.Processes.Select(process => process.File));
        Assert.Equal(RecordingSketch.Nanoseconds(3), family.Processes[1].BeganNanoseconds);
    }

    [Fact]
    public void Two_recordings_of_more_bytes_than_there_can_be_do_not_add_up()
    {
        var builder = new FamilyBuilder(byProcess: false);
        var huge = new RecordingSketch().Stack("f a.py:1", new StackUsage { PeakBytes = long.MaxValue - 10 }).Finish();
        Assert.True(builder.TryAdd(huge, "a.alloc"));
        Assert.False(builder.TryAdd(huge, "b.alloc"));
        Assert.Single(builder.Build().Processes);
    }

    [Fact]
    public void A_file_in_which_processes_started_each_other_ends()
    {
        var builder = new FamilyBuilder(byProcess: false);
        FamilyMember[] members = [Member(1, 2, 0), Member(2, 1, 0), Member(3, 3, 0)];
        foreach (var process in new[] { 1, 2, 3 })
            builder.TryAdd(new RecordingSketch().Held("f a.py:1", 1, 1).Finish(facts => facts with { ProcessId = process, StartedAt = Begin }) with { Family = members }, "x.alloc");
        Assert.Equal([1, 2, 3], builder.Build().Processes.Select(process => process.Facts.ProcessId).Order());
    }

    [Fact]
    public void A_process_that_was_gone_before_it_was_looked_at_was_a_fork()
    {
        var builder = new FamilyBuilder(byProcess: false);
        builder.TryAdd(new RecordingSketch().Held("f a.py:1", 1, 1).Finish(facts => facts with { StartedAt = Begin }), "a.alloc");
        builder.TryAdd(new RecordingSketch().Held("f a.py:1", 1, 1).Finish(facts => facts with { ProcessId = 9, CommandLine = [], StartedAt = Begin.AddSeconds(1) }), "b.alloc");
        Assert.Equal("fork; it ended before its parent could be told", FamilyWords.Of(builder.Build().Processes[1]));
    }

    [Fact]
    public void By_process_every_stack_begins_with_its_process()
    {
        var together = Family(byProcess: true).Together;
        var tree = CallTree.Of(together, RecordingView.HighWater, new CallTreeShape(false, SiteGrouping.Function, 0, IsWhole: true));
        Assert.Equal(["pid 4713", "pid 4711", "pid 4713", "pid 4712"], tree.Top.Parts.Select(part => part.Place!.Function[..8]));
        Assert.Equal(44L * MiB, tree.Top.Bytes);
    }

    private static string Json(RecordedFamily family)
    {
        using var output = new StringWriter();
        FamilyJson.Write(output, family, ["cannot read 'x.alloc'"], Options with { View = RecordingView.Leaks, Grouping = SiteGrouping.Module });
        using var document = JsonDocument.Parse(output.ToString());
        Assert.Equal(4, document.RootElement.GetProperty("processes").GetArrayLength());
        return output.ToString();
    }

    private static FamilyMember Member(int process, int parent, double seconds) => new(process, parent, [], Begin.AddSeconds(seconds), 0, 0, 0, -1, $"hognose-main.{process}.alloc");

    /// <summary>A program, its fork, and a process of multiprocessing's that goes on as another program.</summary>
    private static RecordedFamily Family(bool byProcess = false)
    {
        var builder = new FamilyBuilder(byProcess);
        builder.TryAdd(
            Process(4711, 0, ["python3", "app.py"], new RecordingSketch().Held("<module> /srv/app/app.py:9 > rows /srv/app/app.py:2", 8 * MiB, 8_000, MiB, 1_000).Held("", 2 * MiB, 7)
                .Moment(0, 10, 30).Moment(10, 10, 30)) with { Family = [Member(4712, 4711, 1), Member(4713, 4711, 4), Member(4713, 4711, 5)] },
            "hognose-main.4711.alloc");
        builder.TryAdd(
            Process(4713, 5, ["python3", "job.py"], new RecordingSketch().Held("<module> /srv/app/job.py:4", 9 * MiB, 3, 9 * MiB, 3).Moment(0, 9, 20).Moment(1, 9, 20)), "hognose-main.4713.2.alloc");
        builder.TryAdd(
            Process(4713, 4, ["python3", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(7)", "--multiprocessing-fork"],
                new RecordingSketch().Held("<module> /srv/app/app.py:9 > rows /srv/app/app.py:2", 18 * MiB, 18_000, 8 * MiB, 8_000).Held("<module> /srv/app/app.py:3", 2 * MiB, 1).Moment(0, 20, 30).Moment(1, 20, 30)),
            "hognose-main.4713.alloc");
        builder.TryAdd(
            Process(4712, 1, ["python3", "app.py"], new RecordingSketch().Held("<module> /srv/app/app.py:9 > rows /srv/app/app.py:3", 5 * MiB, 5_000).Moment(0, 5, 30).Moment(1, 5, 30)), "hognose-main.4712.alloc");
        return builder.Build();
    }

    private static RecordingSummary Process(int id, double began, string[] words, RecordingSketch sketch) => sketch.Finish(facts => facts with
    {
        ProcessId = id, CommandLine = words, StartedAt = Begin.AddSeconds(began), FamilyId = 99, BeganNanoseconds = 1 + RecordingSketch.Nanoseconds(began),
    });
}
