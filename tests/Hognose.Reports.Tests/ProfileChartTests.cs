using Hognose.Formats.Mprof;
using Hognose.Reports.Charts;
using Hognose.Reports.Terminal;
using Hognose.Testing;

namespace Hognose.Reports.Tests;

public class ProfileChartTests
{
    private const string Folder = "tests/Hognose.Reports.Tests/Golden/";
    private static readonly ProfilePictureOptions Plain = new(null, null, Functions: true, Flame: false, Trend: true);

    [Theory]
    [InlineData("profile-functions-100.txt", "functions", 100, false)]
    [InlineData("profile-functions-80-unicode.txt", "functions", 80, true)]
    [InlineData("profile-children-80-unicode.txt", "children", 80, true)]
    public void The_chart_reads_as_it_was_read(string golden, string profile, int width, bool unicode) =>
        Golden.Matches(Folder + golden, ReportText.Of(width, unicode, console => ProfileChart.Write(console, ProfilePictureTests.Golden(profile), Plain)));

    [Fact]
    public void A_column_shows_the_most_of_its_time_and_holds_it_where_no_sample_falls()
    {
        // One high sample among many, then a long gap.
        List<MemorySample> samples = [.. Enumerable.Range(0, 1000).Select(i => new MemorySample(i == 500 ? 80 : 10, 100 + (i * 0.001))), new(10, 110)];
        var text = ReportText.Of(80, false, console => ProfileChart.Write(console, new NamedProfile("x.dat", new MprofProfile(null, samples, [], [], 0)), Plain));
        var rows = text.Split('\n');

        Assert.Contains("peak 80.0 MiB at 0.50 s", text, StringComparison.Ordinal);
        var top = rows.First(row => row.Contains("80 MiB |", StringComparison.Ordinal));
        Assert.Equal(1, top.Count(one => one == '#'));
        var lowest = rows.Last(row => row.Contains("|#", StringComparison.Ordinal));
        Assert.Equal(80 - 2 - 11 - 2, lowest.Count(one => one == '#'));
    }

    [Fact]
    public void A_window_without_samples_says_so()
    {
        var text = ReportText.Of(80, false, console => ProfileChart.Write(console, ProfilePictureTests.Golden("functions"), Plain with { Window = (50, 60) }));

        Assert.Contains("no samples in this window", text, StringComparison.Ordinal);
        Assert.Contains("50 s", text, StringComparison.Ordinal);
    }
}
