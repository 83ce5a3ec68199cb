using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Hognose.Formats.Mprof;
using Hognose.Insights.Profiles;
using Hognose.Reports.Charts;
using Hognose.Testing;

namespace Hognose.Reports.Tests;

/// <summary>What is drawn is what the file says: points are read back from the SVG by the axes' own figures.</summary>
public class ProfilePictureTests
{
    /// <summary>Pixels. Skia writes six significant digits; figures on the axes are exact.</summary>
    private const double Precision = 0.02;

    private const string MainLine = "#1F5FA8";
    private static readonly ProfilePictureOptions Plain = new(null, null, Functions: true, Flame: false, Trend: false);

    [Fact]
    public void The_line_has_every_sample_and_every_end_of_a_call_at_its_place()
    {
        var profile = Golden("functions");

        var picture = Picture.Of(profile, Plain);

        var curve = ProfilePeak.Curve(profile.Profile);
        Assert.Equal(profile.Profile.Samples.Count + (2 * profile.Profile.Calls.Count), curve.Count);
        picture.AssertEqual(curve.Select(sample => (sample.Time - curve[0].Time, sample.MebiBytes)), picture.Line(MainLine));
    }

    [Fact]
    public void Time_begins_at_zero_and_memory_too()
    {
        var picture = Picture.Of(Golden("functions"), Plain);

        Assert.Equal(0, picture.Times.Min());
        Assert.Equal(0, picture.Memories.Min());
        Assert.Contains("time (s)", picture.Words);
        Assert.Contains("memory (MiB)", picture.Words);
        Assert.Contains("/usr/bin/python3 s.py", picture.Words);
    }

    [Fact]
    public void Each_child_has_its_line_and_its_name()
    {
        var profile = Golden("children");

        var picture = Picture.Of(profile, Plain);

        foreach (var (child, color) in profile.Profile.Children.Zip((string[])["#D55E00", "#009E73"]))
        {
            picture.AssertEqual(child.Samples.Select(sample => (sample.Time - profile.Profile.Samples[0].Time, sample.MebiBytes)), picture.Line(color));
            Assert.Contains($"child {child.ProcessId}", picture.Words);
        }
        Assert.Contains("peak 12.7 MiB at 0.41 s", picture.Words);
        Assert.Contains("peak of a child 29.9 MiB at 0.11 s", picture.Words);
    }

    [Fact]
    public void Brackets_stand_where_a_function_begins_and_ends()
    {
        var profile = Golden("functions");

        var picture = Picture.Of(profile, Plain);

        var start = profile.Profile.Samples[0].Time;
        var ends = profile.Profile.Calls.Where(call => call.Function == "__main__.inner").SelectMany(call => (MemorySample[])[call.Start, call.End]);
        // A bracket has four corners; the two in the middle stand at the moment, above and below the memory.
        var brackets = picture.Paths("#E69F00").Select(corners => (corners[1].Time, (corners[1].Memory + corners[2].Memory) / 2)).ToList();
        picture.AssertEqual(ends.Select(end => (end.Time - start, end.MebiBytes)), brackets);
        Assert.Contains("inner: 0.331 s in 2 calls", picture.Words);
        Assert.Contains("outer: 0.746 s", picture.Words);
    }

    [Fact]
    public void Boxes_of_a_flame_last_as_long_as_the_calls_and_stand_on_their_callers()
    {
        var profile = Golden("functions");

        var picture = Picture.Of(profile, Plain with { Flame = true });

        var start = profile.Profile.Samples[0].Time;
        var inner = picture.Boxes("#E69F00");
        var outer = Assert.Single(picture.Boxes("#009E73"));
        picture.AssertEqual(
            profile.Profile.Calls.Where(call => call.Level == 1).Select(call => (call.Start.Time - start, call.Seconds)), inner.Select(box => (box.Time, box.Seconds)), seconds: true);
        Assert.All(inner, box => Assert.Equal(outer.Top, box.Bottom, Precision));
        // The curve runs above them.
        var lowest = profile.Profile.Samples.Min(sample => sample.MebiBytes);
        Assert.All(inner, box => Assert.True(picture.MemoryAt(box.Top) < lowest));
    }

    [Fact]
    public void The_trend_is_the_least_squares_line()
    {
        var samples = Enumerable.Range(0, 50).Select(i => new MemorySample(100 + (2.5 * i) + (i % 2 == 0 ? 1 : -1), 1000 + i)).ToList();
        // By the textbook: slope = cov(t, m) / var(t).
        double meanTime = samples.Average(s => s.Time), meanMemory = samples.Average(s => s.MebiBytes);
        var slope = samples.Sum(s => (s.Time - meanTime) * (s.MebiBytes - meanMemory)) / samples.Sum(s => (s.Time - meanTime) * (s.Time - meanTime));

        var picture = Picture.Of(new NamedProfile("x.dat", new MprofProfile("x", samples, [], [], 0)), Plain with { Trend = true });

        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"slope {slope:F5} MiB/s"), picture.Words);
        var dashes = picture.Paths(MainLine).Single(path => path.Count > samples.Count);
        Assert.Equal((slope * 0) + meanMemory - (slope * (meanTime - 1000)), dashes[0].Memory, 2);
    }

    [Fact]
    public void A_window_shows_its_seconds_and_the_peak_in_them()
    {
        var picture = Picture.Of(Golden("functions"), Plain with { Window = (0.2, 0.5) });

        Assert.All(picture.Times, time => Assert.InRange(time, 0.19, 0.51));
        Assert.Contains("peak 32.5 MiB at 0.21 s", picture.Words);
    }

    [Fact]
    public void Without_functions_there_is_the_line_alone()
    {
        var picture = Picture.Of(Golden("functions"), Plain with { Functions = false, Title = "a < b & c" });

        Assert.Contains("a < b & c", picture.Words);
        Assert.DoesNotContain(picture.Words, word => word.StartsWith("peak", StringComparison.Ordinal) || word.StartsWith("inner", StringComparison.Ordinal));
        Assert.Empty(picture.Paths("#E69F00"));
    }

    [Fact]
    public void Several_profiles_begin_at_zero_each()
    {
        var (first, second) = (Golden("functions"), Golden("children"));

        var picture = Picture.Of([first, second], Plain with { Functions = false });

        Assert.Equal(0, picture.Line(MainLine)[0].Time, 3);
        Assert.Equal(0, picture.Line("#D55E00")[0].Time, 3);
        Assert.Contains("functions.dat", picture.Words);
        Assert.Contains("children.dat", picture.Words);
    }

    [Fact]
    public void Hostile_names_and_odd_profiles_are_drawn()
    {
        var name = "a\u001b[31m<script>&\"'\u202e日本語" + new string('x', 5000);
        var calls = Enumerable.Range(0, 40).Select(i => new FunctionCall($"m{i}.{name}", new(1, 5), new(1, 5 + i), i % 2 == 0 ? null : 100)).ToList();
        var profile = new NamedProfile(name, new MprofProfile(name, [new(0, 5), new(0, 5)], calls, [new ChildSamples(1, [new(1e9, 2)])], 0));

        foreach (var format in Enum.GetValues<PictureFormat>())
            foreach (var flame in (bool[])[false, true])
                Assert.NotEmpty(ProfilePicture.Draw([profile], Plain with { Flame = flame, Trend = true }, format));
        var svg = Encoding.UTF8.GetString(ProfilePicture.Draw([profile], Plain, PictureFormat.Svg));
        _ = XDocument.Parse(svg);
        Assert.DoesNotContain('\u001b', svg);
        Assert.DoesNotContain("<script", Encoding.UTF8.GetString(ProfilePicture.Draw([profile], Plain, PictureFormat.Html)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_the_picture_and_the_figures_and_loads_nothing()
    {
        var page = Encoding.UTF8.GetString(ProfilePicture.Draw([Golden("functions")], Plain, PictureFormat.Html));

        Assert.Contains("<svg xmlns", page, StringComparison.Ordinal);
        Assert.Contains("<tr><td>__main__.inner<td class=n>2<td class=n>0.331<td class=n>24.836<td class=n>55.359\n", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("src=|href=|<script|url\\((?!#)", page);
    }

    [Fact]
    public void Nothing_is_drawn_twice() => Assert.Single(Picture.Of(Golden("functions"), Plain).Paths(MainLine), path => path.Count > 2);

    [Fact]
    public void The_same_profile_gives_the_same_bytes() =>
        Assert.All((PictureFormat[])[PictureFormat.Png, PictureFormat.Svg, PictureFormat.Html], format =>
            Assert.Equal(ProfilePicture.Draw([Golden("functions")], Plain, format), ProfilePicture.Draw([Golden("functions")], Plain, format)));

    internal static NamedProfile Golden(string name)
    {
        using var file = File.OpenRead(Path.Combine(Repository.Root, $"tests/Hognose.Formats.Tests/Golden/mprof-0.61-{name}.dat"));
        return new NamedProfile($"{name}.dat", MprofReader.Read(file, name));
    }

    /// <summary>An SVG read with nothing but its own text: figures on the axes tell what a pixel means.</summary>
    private sealed class Picture
    {
        private readonly XElement _svg;
        private readonly (double Zero, double Scale) _time;
        private readonly (double Zero, double Scale) _memory;

        private Picture(XElement svg)
        {
            _svg = svg;
            var figures = Texts().Where(text => double.TryParse(text.Words, NumberStyles.Number, CultureInfo.InvariantCulture, out _))
                .Select(text => (text.X, text.Y, Value: double.Parse(text.Words, NumberStyles.Number, CultureInfo.InvariantCulture))).ToList();
            var axis = figures.Max(figure => figure.Y);
            var times = figures.Where(figure => figure.Y == axis).ToList();
            var memories = figures.Where(figure => figure.Y != axis).ToList();
            (Times, Memories) = ([.. times.Select(figure => figure.Value)], [.. memories.Select(figure => figure.Value)]);
            _time = Fit(times.MinBy(figure => figure.X), times.MaxBy(figure => figure.X), figure => figure.X);
            _memory = Fit(memories.MinBy(figure => figure.Y), memories.MaxBy(figure => figure.Y), figure => figure.Y);
        }

        public IReadOnlyList<double> Times { get; }

        public IReadOnlyList<double> Memories { get; }

        public IReadOnlyList<string> Words => [.. Texts().Select(text => text.Words)];

        public static Picture Of(NamedProfile profile, ProfilePictureOptions options) => Of([profile], options);

        public static Picture Of(IReadOnlyList<NamedProfile> profiles, ProfilePictureOptions options) =>
            new(XDocument.Parse(Encoding.UTF8.GetString(ProfilePicture.Draw(profiles, options, PictureFormat.Svg))).Root!);

        public double MemoryAt(double y) => (y - _memory.Zero) * _memory.Scale;

        public IReadOnlyList<(double Time, double Memory)> Line(string color) => Paths(color)[0];

        /// <summary>Corners of each path in the data of a colour, as seconds and MiB.</summary>
        public IReadOnlyList<IReadOnlyList<(double Time, double Memory)>> Paths(string color) =>
            [.. _svg.Elements().Where(element => element.Name.LocalName == "g").Descendants().Where(element => element.Name.LocalName == "path" && (string?)element.Attribute("stroke") == color)
                .Select(path => (string)path.Attribute("d")!)
                .Select(d => d.Split(['M', 'L'], StringSplitOptions.RemoveEmptyEntries)
                    .Select(point => point.Split(' ').Select(Number).ToArray())
                    .Select(point => ((point[0] - _time.Zero) * _time.Scale, MemoryAt(point[1]))).ToList())];

        public IReadOnlyList<(double Time, double Seconds, double Top, double Bottom)> Boxes(string color) =>
            [.. _svg.Descendants().Where(element => element.Name.LocalName == "rect" && (string?)element.Attribute("fill") == color && element.Attribute("fill-opacity") is not null)
                .Select(box => (X: Attribute(box, "x"), Y: Attribute(box, "y"), Width: Attribute(box, "width"), Height: Attribute(box, "height")))
                .Select(box => ((box.X - _time.Zero) * _time.Scale, box.Width * _time.Scale, box.Y, box.Y + box.Height))];

        public void AssertEqual(IEnumerable<(double Time, double Memory)> expected, IEnumerable<(double Time, double Memory)> drawn, bool seconds = false)
        {
            var (all, found) = (expected.ToList(), drawn.ToList());
            Assert.Equal(all.Count, found.Count);
            foreach (var (one, other) in all.Zip(found))
            {
                Assert.Equal(one.Time / _time.Scale, other.Time / _time.Scale, Precision);
                var scale = seconds ? _time.Scale : _memory.Scale;
                Assert.Equal(one.Memory / scale, other.Memory / scale, Precision);
            }
        }

        private static (double Zero, double Scale) Fit((double X, double Y, double Value) one, (double X, double Y, double Value) other, Func<(double X, double Y, double Value), double> pixel)
        {
            var scale = (other.Value - one.Value) / (pixel(other) - pixel(one));
            return (pixel(one) - (one.Value / scale), scale);
        }

        private IEnumerable<(string Words, double X, double Y)> Texts() =>
            from text in _svg.Descendants()
            where text.Name.LocalName == "text"
            let place = ((string?)text.Attribute("transform") ?? "").Split(['(', ')', ' ', ','], StringSplitOptions.RemoveEmptyEntries)
            let isPlaced = place is ["translate", _, _] // Turned text and names in boxes have other transforms.
            select (text.Value.Trim(), isPlaced ? Number(place[1]) : 0, isPlaced ? Number(place[2]) : 0);

        private static double Attribute(XElement element, string name) => Number((string)element.Attribute(name)!);

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
