using System.Globalization;
using Hognose.Formats.Mprof;
using Hognose.Insights.Profiles;
using Hognose.Reports.Terminal;
using ScottPlot;

namespace Hognose.Reports.Charts;

/// <summary>Puts a plot of profiles together: memory in MiB over seconds since each profile's first moment.</summary>
internal static class ProfilePlot
{
    private const int MostFunctionsInLegend = 16;
    private const int LongestLabel = 40;
    private const int FewSamples = 120; // Of which each is worth a dot.
    private const double EmptyBelow = 0.6;

    public static Plot Of(IReadOnlyList<NamedProfile> profiles, ProfilePictureOptions options)
    {
        var plot = ChartStyle.NewPlot(options.Title ?? (profiles.Count == 1 ? profiles[0].Profile.CommandLine : null) ?? "");
        var several = profiles.Count > 1;
        var lines = 0;
        double end = 0, least = double.MaxValue, most = 0;
        for (var number = 0; number < profiles.Count; number++)
        {
            var profile = profiles[number].Profile;
            var curve = ProfilePeak.Curve(profile);
            var start = curve[0].Time;
            var all = curve.Concat(profile.Children.SelectMany(child => child.Samples)).Where(sample => IsInside(sample.Time - start, options)).ToList();
            AddLine(plot, curve, start, StartLabel(start) + (several ? $"\n{End(Names.Printable(profiles[number].Name), LongestLabel)}" : ""), ChartColors.Line(lines++), options.Trend);
            foreach (var child in profile.Children)
                AddLine(plot, child.Samples, start, $"child {child.ProcessId}", ChartColors.Line(lines++), options.Trend);
            if (options.Functions && !several)
                AddFunctions(plot, profile, start, options.Flame);
            if (options.Functions)
                AddPeak(plot, curve, start, "peak", options);
            if (options.Functions && profile.Children.Count > 0)
                AddPeak(plot, profile.Children.MaxBy(child => ProfilePeak.Of(child.Samples).MebiBytes)!.Samples, start, "peak of a child", options);
            end = Math.Max(end, curve[^1].Time - start);
            least = all.Aggregate(least, (value, sample) => Math.Min(value, sample.MebiBytes));
            most = all.Aggregate(most, (value, sample) => Math.Max(value, sample.MebiBytes));
        }
        var levels = options.Flame && options.Functions && !several ? LevelsOf(profiles[0].Profile) : 0;
        SetLimits(plot, options.Window ?? (0, end), least, most, levels);
        plot.ShowLegend(Edge.Right);
        return plot;
    }

    private static void AddLine(Plot plot, IReadOnlyList<MemorySample> samples, double start, string label, Color color, bool trend)
    {
        var line = plot.Add.Scatter(samples.Select(sample => sample.Time - start).ToArray(), samples.Select(sample => sample.MebiBytes).ToArray(), color);
        line.LineWidth = 2;
        line.MarkerSize = samples.Count <= FewSamples ? 5 : 0;
        line.LegendText = label;
        if (!trend || MemoryTrend.Of(samples, start) is not { } slope)
            return;
        var words = string.Create(CultureInfo.InvariantCulture, $"slope {slope.Slope:F5} MiB/s");
        var (from, to) = (samples.Min(sample => sample.Time) - start, samples.Max(sample => sample.Time) - start);
        plot.Add.Plottable(new DashedLine(new(from, slope.At(from)), new(to, slope.At(to)), color, 1.5f, 9, 6, words));
    }

    private static void AddFunctions(Plot plot, MprofProfile profile, double start, bool flame)
    {
        var functions = MarkedFunctionsOf(profile);
        var levels = LevelsOf(profile);
        foreach (var function in functions)
            plot.Add.Plottable(new FunctionMarks(function, start, levels, flame));
        foreach (var function in functions.Take(MostFunctionsInLegend))
            plot.Legend.ManualItems.Add(new LegendItem
            {
                LabelText = string.Create(CultureInfo.InvariantCulture, $"{ChartStyle.Cut(function.Label, LongestLabel)}: {function.Seconds:F3} s{(function.Calls.Count > 1 ? $" in {function.Calls.Count:N0} calls" : "")}"),
                LabelFontName = ChartFont.For(function.Label),
                FillColor = function.Color,
            });
        if (functions.Count > MostFunctionsInLegend)
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = $"and {functions.Count - MostFunctionsInLegend:N0} more functions" });
    }

    public static IReadOnlyList<MarkedFunction> MarkedFunctionsOf(MprofProfile profile)
    {
        var labels = FunctionLabels.Of(profile.Calls.Select(call => call.Function));
        return [.. profile.Calls.GroupBy(call => call.Function)
            .Select((calls, number) => new MarkedFunction(Names.Printable(labels[calls.Key]), ChartColors.Function(number), [.. calls]))];
    }

    private static void AddPeak(Plot plot, IReadOnlyList<MemorySample> all, double start, string name, ProfilePictureOptions options)
    {
        var samples = all.Where(sample => IsInside(sample.Time - start, options)).ToList();
        if (samples.Count == 0)
            return;
        var peak = ProfilePeak.OfCurve(samples);
        var color = ChartColors.Peak;
        var (time, memory) = (peak.Time - start, peak.MebiBytes);
        plot.Add.Plottable(DashedLine.Horizontal(memory, color));
        plot.Add.Plottable(DashedLine.Vertical(time, color));
        var mark = plot.Add.Marker(time, memory, MarkerShape.FilledCircle, 9, color);
        mark.LegendText = string.Create(CultureInfo.InvariantCulture, $"{name} {memory:F1} MiB at {time:F2} s");
    }

    private static int LevelsOf(MprofProfile profile) => profile.Calls.Select(call => call.Level ?? 0).DefaultIfEmpty(-1).Max() + 1;

    // The line begins at zero unless that leaves most of the picture empty. Boxes get room beneath the curve, below zero if need be.
    private static void SetLimits(Plot plot, (double From, double To) time, double least, double most, int levels)
    {
        if (least > most)
            (least, most) = (0, 1);
        var bottom = least < most * EmptyBelow ? 0 : least - (Math.Max(most - least, most * 0.01) * 0.1);
        var margin = MarginOf(time);
        var top = most + ((most - bottom) * 0.08);
        var boxes = FunctionMarks.ShareOfHeight(levels);
        bottom = Math.Min(bottom, (least - (boxes * top)) / (1 - boxes));
        plot.Axes.SetLimits(time.From - margin, time.To + margin, bottom, top);
    }

    private static double MarginOf((double From, double To) time) => time.To > time.From ? (time.To - time.From) * 0.01 : 0.5;

    private static bool IsInside(double seconds, ProfilePictureOptions options) =>
        options.Window is not { } window || (seconds >= window.From && seconds <= window.To);

    private static string StartLabel(double start) =>
        DateTimeOffset.UnixEpoch.AddSeconds(start).ToLocalTime().ToString("dd / MM / yyyy - 'start at' HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string End(string text, int length) => text.Length <= length ? text : "…" + text[^(length - 1)..];
}
