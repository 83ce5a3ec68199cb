using System.Globalization;
using System.Net;
using Hognose.Formats.Alloc;
using Hognose.Reports.Terminal;
using ScottPlot;

namespace Hognose.Reports.Charts;

/// <summary>A picture of a recording in a file: the heap as an area, RSS as a line, the high-water mark.</summary>
public static class RecordingPicture
{
    private const double MebiByte = 1 << 20;
    private const double NanosecondsPerSecond = 1e9;
    private const int MostPoints = 2_500; // Two a pixel: more are not seen, and an SVG has them all.

    public static byte[] Draw(RecordingSummary recording, PictureFormat format)
    {
        PlotFile.Prepare();
        return PlotFile.Bytes(Plot(recording), format, svg => Page(recording, svg));
    }

    private static Plot Plot(RecordingSummary recording)
    {
        var plot = ChartStyle.NewPlot(string.Join(' ', recording.Facts.CommandLine));
        var heap = Curve(recording, point => point.HeapBytes);
        var resident = Curve(recording, point => point.ResidentBytes);
        if (heap.Count > 0)
            AddHeap(plot, heap);
        AddMarks(plot, recording.Marks);
        if (resident.Count > 0)
        {
            var line = plot.Add.Scatter(resident, ChartColors.Line(1));
            line.LineWidth = 2;
            line.MarkerSize = 0;
            line.LegendText = string.Create(CultureInfo.InvariantCulture, $"RSS, at most {resident.Max(point => point.Y):F1} MiB");
        }
        var end = Math.Max(recording.Facts.DurationNanoseconds, recording.Timeline.Count == 0 ? 0 : recording.Timeline[^1].Nanoseconds) / NanosecondsPerSecond;
        var top = heap.Concat(resident).Select(point => point.Y).DefaultIfEmpty(0).Max();
        plot.Axes.SetLimits(-end * 0.01, Math.Max(end * 1.01, 0.001), 0, Math.Max(top * 1.08, 0.001));
        plot.ShowLegend(Edge.Right);
        return plot;

        void AddHeap(Plot to, List<Coordinates> points)
        {
            var area = to.Add.FillY([.. points.Select(point => (point.X, 0d, point.Y))]);
            area.FillColor = ChartColors.Line(0).WithAlpha(0.35);
            area.LineColor = ChartColors.Line(0);
            area.LineWidth = 2;
            area.MarkerSize = 0;
            area.LegendText = recording.Facts.SampleBytes > 0 ? "heap, estimated" : "heap";
            AddPeak(to, recording.Facts);
        }
    }

    private static void AddPeak(Plot plot, RecordingFacts facts)
    {
        if (facts.PeakBytes <= 0)
            return;
        var (time, memory) = (facts.PeakNanoseconds / NanosecondsPerSecond, facts.PeakBytes / MebiByte);
        plot.Add.Plottable(DashedLine.Horizontal(memory, ChartColors.Peak));
        plot.Add.Plottable(DashedLine.Vertical(time, ChartColors.Peak));
        var mark = plot.Add.Marker(time, memory, MarkerShape.FilledCircle, 9, ChartColors.Peak);
        mark.LegendText = string.Create(CultureInfo.InvariantCulture, $"high-water mark {memory:F1} MiB at {time:F2} s");
    }

    /// <summary>Of many the first: a hundred lines would hide the curves.</summary>
    private static void AddMarks(Plot plot, IReadOnlyList<RecordingMark> marks)
    {
        const int most = 8;
        const int letters = 40;
        for (var i = 0; i < Math.Min(most, marks.Count); i++)
        {
            var time = marks[i].Nanoseconds / NanosecondsPerSecond;
            var name = Names.Printable(marks[i].Name);
            plot.Add.Plottable(DashedLine.Vertical(time, ChartColors.Line(i + 2), string.Create(CultureInfo.InvariantCulture, $"{(name.Length > letters ? name[..letters] : name)}, {time:F2} s")));
        }
    }

    /// <summary>Moments where the value is known, and the high-water mark among those of the heap; the highest of several that share a place.</summary>
    private static List<Coordinates> Curve(RecordingSummary recording, Func<TimelinePoint, long> bytes)
    {
        var facts = recording.Facts;
        IEnumerable<TimelinePoint> all = facts.PeakBytes > 0
            ? recording.Timeline.Append(new TimelinePoint(facts.PeakNanoseconds, facts.PeakBytes, -1)).OrderBy(point => point.Nanoseconds)
            : recording.Timeline;
        var known = all.Where(point => bytes(point) >= 0).Select(point => new Coordinates(point.Nanoseconds / NanosecondsPerSecond, bytes(point) / MebiByte)).ToList();
        var together = Math.Max(1, (known.Count + MostPoints - 1) / MostPoints);
        return [.. known.Chunk(together).Select(points => points.MaxBy(point => point.Y))];
    }

    private static string Page(RecordingSummary recording, string svg) => $"""
        <!DOCTYPE html>
        <html lang="en">
        <meta charset="utf-8">
        <title>{WebUtility.HtmlEncode(Names.Printable(string.Join(' ', recording.Facts.CommandLine)))}</title>
        <body style="margin: 1em">
        {svg[svg.IndexOf("<svg", StringComparison.Ordinal)..]}
        </body>
        </html>

        """;
}
