using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Hognose.Formats.Alloc;
using Hognose.Reports.Charts;
using Hognose.Testing.Recordings;

namespace Hognose.Reports.Tests;

public class RecordingPictureTests
{
    [Fact]
    public void The_high_water_mark_and_the_largest_rss_are_those_of_the_recording()
    {
        var recording = SampleRecordings.Service();
        var facts = recording.Facts;

        var words = Words(recording);

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"high-water mark {facts.PeakBytes / 1048576.0:F1} MiB at {facts.PeakNanoseconds / 1e9:F2} s"), words);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"RSS, at most {recording.Timeline.Max(point => point.ResidentBytes) / 1048576.0:F1} MiB"), words);
        Assert.Contains("heap", words);
        Assert.Contains("time (s)", words);
    }

    [Fact]
    public void Every_kind_of_picture_is_the_same_each_time()
    {
        foreach (var format in (PictureFormat[])[PictureFormat.Png, PictureFormat.Svg, PictureFormat.Html])
            Assert.Equal(RecordingPicture.Draw(SampleRecordings.Service(), format), RecordingPicture.Draw(SampleRecordings.Service(), format));
        foreach (var format in Enum.GetValues<PictureFormat>())
            Assert.NotEmpty(RecordingPicture.Draw(SampleRecordings.Service(), format));
    }

    /// <summary>Names of the program, no moment at all, a hundred thousand of them, an RSS that is not known.</summary>
    [Fact]
    public void Odd_recordings_are_drawn()
    {
        var recording = SampleRecordings.Service();
        var hostile = recording with { Facts = recording.Facts with { CommandLine = ["a\u001b[31m<script>&\"'\u202e", new string('x', 5000)] } };
        var empty = recording with { Timeline = [], Facts = recording.Facts with { PeakBytes = 0, PeakNanoseconds = 0, DurationNanoseconds = 0 } };
        var marked = recording with { Marks = [.. Enumerable.Range(0, 1000).Select(i => new RecordingMark(i * 1_000_000L, "\u001b[31m" + new string('m', 100)))] };
        var dense = recording with { Timeline = [.. Enumerable.Range(0, 100_000).Select(i => new TimelinePoint(i * 1000L, i % 7 * 1024, -1))] };

        foreach (var each in (RecordingSummary[])[hostile, empty, dense, marked])
            _ = Words(each);
        Assert.DoesNotContain("<script", Encoding.UTF8.GetString(RecordingPicture.Draw(hostile, PictureFormat.Html)), StringComparison.Ordinal);
        Assert.DoesNotContain(Words(dense), word => word.StartsWith("RSS", StringComparison.Ordinal));
        // An SVG has every point, so that more than can be seen would make it large.
        Assert.InRange(RecordingPicture.Draw(dense, PictureFormat.Svg).Length, 1, 300_000);
    }

    [Fact]
    public void Marks_are_lines_with_their_names()
    {
        var words = Words(SampleRecordings.Service() with { Marks = [new(500_000_000, "warmed up"), new(1_250_000_000, "full")] });
        Assert.Contains("warmed up, 0.50 s", words);
        Assert.Contains("full, 1.25 s", words);
    }

    private static List<string> Words(RecordingSummary recording) =>
        [.. XDocument.Parse(Encoding.UTF8.GetString(RecordingPicture.Draw(recording, PictureFormat.Svg))).Descendants()
            .Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim())];
}
