using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Hognose.Reports.Terminal;
using Hognose.Testing;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class RecordingReportTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";

    [Theory]
    [InlineData(80, false, false)]
    [InlineData(100, false, false)]
    [InlineData(80, true, true)]
    [InlineData(120, true, true)]
    [InlineData(100, true, false)]
    public void The_report_looks_as_it_was_looked_at(int width, bool unicode, bool colours) =>
        Golden.Matches(
            $"{Folder}service-{width}{(unicode ? "-unicode" : "")}{(colours ? "-colours" : "")}.txt",
            ReportText.Of(SampleRecordings.Service(), width, unicode, colours));

    [Fact]
    public void By_function_and_by_file_it_looks_as_it_was_looked_at()
    {
        Golden.Matches(Folder + "service-by-function.txt", ReportText.Of(SampleRecordings.Service(), options: ReportText.Options with { Grouping = SiteGrouping.Function }));
        Golden.Matches(Folder + "service-by-file.txt", ReportText.Of(SampleRecordings.Service(), options: ReportText.Options with { Grouping = SiteGrouping.File, Sites = 8 }));
    }

    [Theory]
    [InlineData(RecordingView.HighWater, SiteGrouping.Module)]
    [InlineData(RecordingView.Leaks, SiteGrouping.Function)]
    [InlineData(RecordingView.Temporary, SiteGrouping.Line)]
    [InlineData(RecordingView.All, SiteGrouping.File)]
    public void Each_view_looks_as_it_was_looked_at(RecordingView view, SiteGrouping grouping) =>
        Golden.Matches(
            $"{Folder}service-view-{RecordingWords.Name(view)}.txt",
            ReportText.Of(SampleRecordings.Service(), options: ReportText.Options with { View = view, Grouping = grouping }));

    [Fact]
    public void What_the_tables_are_limited_to_is_said()
    {
        var text = ReportText.Of(ModuleFilter.Apply(SampleRecordings.Service(), ["json.*", "cache"]), options: ReportText.Options with { Modules = ["json.*", "cache"] });
        Assert.Contains("only what modules that fit json.* or cache allocated themselves", text, StringComparison.Ordinal);
        Assert.Contains("2 lines, 228.9 MiB in all", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(160)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        foreach (var unicode in new[] { false, true })
            foreach (var line in ReportText.Of(SampleRecordings.Service(), width, unicode).Split('\n'))
                Assert.True(Names.Width(line) <= width, $"{Names.Width(line)} cells: {line}");
    }

    [Fact]
    public void Without_colours_there_is_no_escape_code_and_no_sign_of_ours_beyond_ASCII()
    {
        var text = ReportText.Of(SampleRecordings.Service()).Replace("größe", "").Replace("straße", "");
        Assert.All(text, one => Assert.True(one is '\n' or (>= ' ' and <= '~'), $"U+{(int)one:X4}"));
    }

    [Fact]
    public void Names_of_the_program_cannot_steer_the_terminal()
    {
        var text = ReportText.Of(new RecordingSketch().Held("\u001b[2Jclear /srv/\u009b\u202e/x.py:1", 1 << 20, 1).Moment(0, 0, 1).Moment(1, 1, 2).Finish(), unicode: true);
        Assert.DoesNotContain(text, one => char.IsControl(one) && one != '\n');
        Assert.DoesNotContain('\u202e', text);
    }

    [Fact]
    public void A_program_in_which_Python_never_started_is_told_so()
    {
        var text = ReportText.Of(new RecordingSketch().Finish(facts => facts with { PythonVersion = "", EndingCode = 3 }));
        Assert.Contains("found no Python to enter", text, StringComparison.Ordinal);
        Assert.Contains("exited with status 3", text, StringComparison.Ordinal);
        Assert.DoesNotContain("high-water", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_program_that_allocated_nothing_is_told_so() =>
        Assert.Contains("Python allocated nothing", ReportText.Of(new RecordingSketch().Finish()), StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_cut_before_its_first_event_is_said_to_be() => Assert.Contains(
        "The file is cut short: nothing of what was allocated can be read from it.",
        ReportText.Of(new RecordingSketch().Finish(facts => facts with { IsCutShort = true, StoppedBecause = "the file ends" })),
        StringComparison.Ordinal);

    [Fact]
    public void A_command_to_type_is_never_cut()
    {
        var name = new string('x', 120) + ".alloc";
        Assert.Contains($"Next  hognose show {name} --by function\n", ReportText.Of(SampleRecordings.Service(), width: 80, options: ReportText.Options with { FileName = name, Recordings = name }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_freed_everything_is_told_so() =>
        Assert.Contains("every block was freed", ReportText.Of(new RecordingSketch().Held("f x.py:1", 100, 1).Moment(0, 0, 0).Moment(1, 0.1, 9).Finish()), StringComparison.Ordinal);

    [Fact]
    public void A_killed_program_has_no_leaks_but_what_it_held()
    {
        var text = ReportText.Of(new RecordingSketch().Held("f x.py:1", 100, 1, 100, 1).Moment(0, 0, 0).Moment(1, 0.1, 9)
            .Finish(facts => facts with { Ending = ProgramEnding.Signalled, EndingCode = 9, SawTearDown = false }));
        Assert.Contains("python3 app.py --port 8000  Python 3.11.7  was killed by SIGKILL (9) after ", text, StringComparison.Ordinal);
        Assert.Contains("\n  Perhaps the kernel ran out of memory: see dmesg.\n", text, StringComparison.Ordinal);
        Assert.Contains("Held when killed", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Never freed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_the_figures_less_than_whole_is_said()
    {
        var text = ReportText.Of(new RecordingSketch().Held("f x.py:1", 100, 1, 100, 1).Moment(0, 0, 0).Moment(1, 0.1, 9)
            .Finish(facts => facts with { StoppedBecause = "no room for more stacks", LostEvents = 12_345, Forks = 2, DuplicateAllocations = 1, UnknownFrees = 7 }));
        Assert.Contains("recording stopped before the program ended: no room for more stacks", text, StringComparison.Ordinal);
        Assert.Contains("12,345 events", text, StringComparison.Ordinal);
        Assert.Contains("2 forks: child processes are not recorded", text, StringComparison.Ordinal);
        Assert.Contains("1 event contradicted", text, StringComparison.Ordinal);
        Assert.Contains("7 blocks", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_next_command_can_be_pasted_into_a_shell() =>
        Assert.Contains(
            "hognose show 'it'\\''s mine.alloc' --by function",
            ReportText.Of(SampleRecordings.Service(), options: new RecordingReportOptions("it's mine.alloc", "/srv/app")),
            StringComparison.Ordinal);
}
