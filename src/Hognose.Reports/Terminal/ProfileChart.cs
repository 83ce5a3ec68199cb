using System.Globalization;
using Hognose.Formats.Mprof;
using Hognose.Insights.Profiles;
using Hognose.Reports.Charts;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>
/// A profile of mprof on a terminal: memory over time as an area from zero, beneath it when each child and each marked function was there.
/// A column shows the most memory of its span of time.
/// </summary>
public static class ProfileChart
{
    private const int Rows = 12;
    private const int Eighths = 8;
    private const int Indent = 2;
    private const int LabelWidth = 11;
    private const int MostBars = 12;
    private const double MebiByte = 1 << 20;
    private const string LowerBlocks = " ▁▂▃▄▅▆▇█";

    public static void Write(IAnsiConsole console, NamedProfile named, ProfilePictureOptions options)
    {
        var columns = console.Profile.Width - Indent - LabelWidth - 2;
        var curve = ProfilePeak.Curve(named.Profile);
        var axis = TimeAxis.Of(curve, options.Window, columns);
        var bytes = axis.MostOf(curve);
        WriteHead(console, named, options, curve, axis);
        var scale = ChartScale.For((long)Math.Max(1, bytes.Max()));
        for (var row = Rows - 1; row >= 0; row--)
            console.Write(Row(console, bytes, scale, row));
        WriteAxis(console, columns, axis);
        WriteBars(console, named.Profile, options, axis);
    }

    private static void WriteHead(IAnsiConsole console, NamedProfile named, ProfilePictureOptions options, IReadOnlyList<MemorySample> curve, TimeAxis axis)
    {
        var glyphs = Glyphs.For(console);
        var title = Names.Printable(options.Title ?? named.Profile.CommandLine ?? named.Name);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add(Names.CutRight(title, console.Profile.Width - Indent, glyphs), Palette.Heading));
        var shown = curve.Where(sample => axis.Holds(sample.Time)).ToList();
        var line = new StyledLine().Spaces(Indent);
        if (shown.Count == 0)
        {
            console.Write(line.Add("no samples in this window", Palette.Warning));
            return;
        }
        var peak = ProfilePeak.OfCurve(shown);
        line.Add("peak ", Palette.Dim).Add(Invariant($"{peak.MebiBytes:F1} MiB"), Palette.Figure)
            .Add(Invariant($" at {peak.Time - axis.Start:F2} s {glyphs.Dot} {Quantities.Count(named.Profile.Samples.Count, "sample")}"), Palette.Dim);
        if (options.Trend && MemoryTrend.Of(curve, axis.Start) is { } trend)
            line.Add(Invariant($" {glyphs.Dot} slope "), Palette.Dim).Add(Invariant($"{trend.Slope:F5} MiB/s"), Palette.Figure);
        console.Write(line);
        console.WriteLine();
    }

    private static StyledLine Row(IAnsiConsole console, double[] bytes, ChartScale scale, int row)
    {
        var unicode = Glyphs.For(console).IsUnicode;
        var line = new StyledLine().Spaces(Indent).Right(LabelAt(scale, row), LabelWidth - 1, Palette.Dim).Add(unicode ? " │" : " |", Palette.Dim);
        var cells = new char[bytes.Length];
        for (var column = 0; column < bytes.Length; column++)
        {
            // What is there at all is seen: at least one eighth of the lowest row.
            var filled = bytes[column] <= 0 ? 0 : Math.Max(1, (int)Math.Round(bytes[column] / scale.TopBytes * Rows * Eighths));
            var eighths = Math.Clamp(filled - (row * Eighths), 0, Eighths);
            cells[column] = unicode ? LowerBlocks[eighths] : eighths >= Eighths / 2 || (eighths > 0 && row == 0) ? '#' : ' ';
        }
        return line.Add(new string(cells).TrimEnd(), Palette.Heap);
    }

    private static string LabelAt(ChartScale scale, int row)
    {
        var steps = (int)Math.Round(scale.TopBytes / scale.StepBytes);
        for (var step = 1; step <= steps; step++)
            if ((int)Math.Round((double)step / steps * Rows) - 1 == row)
                return scale.Label(step * scale.StepBytes);
        return "";
    }

    private static void WriteAxis(IAnsiConsole console, int columns, TimeAxis axis)
    {
        var glyphs = Glyphs.For(console);
        console.Write(new StyledLine().Spaces(Indent).Right("0", LabelWidth - 1, Palette.Dim)
            .Add(glyphs.IsUnicode ? " └" : " +", Palette.Dim).Add(new string(glyphs.IsUnicode ? '─' : '-', columns), Palette.Dim));
        var (from, to) = (Invariant($"{axis.From:0.##} s"), Invariant($"{axis.To:0.##} s"));
        console.Write(new StyledLine().Spaces(Indent + LabelWidth + 1).Add(from, Palette.Dim).Spaces(columns - from.Length - to.Length).Add(to, Palette.Dim));
    }

    private static void WriteBars(IAnsiConsole console, MprofProfile profile, ProfilePictureOptions options, TimeAxis axis)
    {
        var bars = profile.Children.Select(child => Bar.Of(child)).Concat(options.Functions ? FunctionBars(profile) : []).ToList();
        if (bars.Count > 0)
            console.WriteLine();
        foreach (var bar in bars.Take(MostBars))
            WriteBar(console, bar, axis);
        if (bars.Count > MostBars)
            console.Write(new StyledLine().Spaces(Indent).Add($"and {bars.Count - MostBars:N0} more", Palette.Dim));
    }

    private static void WriteBar(IAnsiConsole console, Bar bar, TimeAxis axis)
    {
        var glyphs = Glyphs.For(console);
        var cells = new string(' ', axis.Columns).ToCharArray();
        foreach (var (from, to) in bar.Spans)
            if (axis.ColumnsOf(from, to) is var (first, last) && first <= last)
                Array.Fill(cells, glyphs.IsUnicode ? '━' : '=', first, last - first + 1);
        console.Write(new StyledLine().Spaces(Indent).Left(Names.CutMiddle(bar.Label, LabelWidth, glyphs), LabelWidth, Palette.OwnCode)
            .Add(glyphs.IsUnicode ? "│" : "|", Palette.Dim).Add(new string(cells).TrimEnd(), Palette.Resident));
        console.Write(new StyledLine().Spaces(Indent + LabelWidth + 1).Add(Names.CutRight(bar.Figures, axis.Columns, glyphs), Palette.Dim));
    }

    private static IEnumerable<Bar> FunctionBars(MprofProfile profile)
    {
        var labels = FunctionLabels.Of(profile.Calls.Select(call => call.Function));
        return profile.Calls.GroupBy(call => call.Function).Select(calls => new Bar(
            Names.Printable(labels[calls.Key]),
            Invariant($"{calls.Sum(call => call.Seconds):F3} s in {Quantities.Count(calls.Count(), "call")}, {calls.First().Start.MebiBytes:F1} to {calls.Last().End.MebiBytes:F1} MiB"),
            [.. calls.Select(call => (call.Start.Time, call.End.Time))]));
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Bar(string Label, string Figures, IReadOnlyList<(double From, double To)> Spans)
    {
        public static Bar Of(ChildSamples child) => new(
            Invariant($"{child.ProcessId}"),
            Invariant($"child process, peak {ProfilePeak.Of(child.Samples).MebiBytes:F1} MiB"),
            [(child.Samples.Min(sample => sample.Time), child.Samples.Max(sample => sample.Time))]);
    }

    /// <summary>Columns over time. Times are absolute; From and To are seconds since Start.</summary>
    private sealed record TimeAxis(double Start, double From, double To, int Columns)
    {
        public static TimeAxis Of(IReadOnlyList<MemorySample> curve, (double From, double To)? window, int columns)
        {
            var start = curve[0].Time;
            var (from, to) = window ?? (0, curve[^1].Time - start);
            return new TimeAxis(start, from, to > from ? to : from + 1e-3, columns);
        }

        public bool Holds(double time) => time - Start >= From && time - Start <= To;

        public (int First, int Last) ColumnsOf(double from, double to) => (Math.Max(0, ColumnOf(from)), Math.Min(Columns - 1, ColumnOf(to)));

        /// <summary>Bytes in each column; where no sample falls into one, what was last seen before it.</summary>
        public double[] MostOf(IReadOnlyList<MemorySample> curve)
        {
            var most = new double[Columns];
            var index = 0;
            var last = 0.0;
            for (var column = 0; column < Columns; column++)
            {
                for (; index < curve.Count && ColumnOf(curve[index].Time) < column; index++)
                    last = curve[index].MebiBytes * MebiByte;
                var highest = -1.0;
                for (; index < curve.Count && ColumnOf(curve[index].Time) == column; index++)
                    highest = Math.Max(highest, last = curve[index].MebiBytes * MebiByte);
                var beyond = index == curve.Count && highest < 0 && curve.Count > 0 && ColumnOf(curve[^1].Time) < column;
                most[column] = highest >= 0 ? highest : beyond ? 0 : last;
            }
            return most;
        }

        private int ColumnOf(double time)
        {
            var column = Math.Floor((time - Start - From) / (To - From) * Columns);
            // The last moment belongs to the last column.
            return time - Start == To ? Columns - 1 : (int)Math.Clamp(column, -1, Columns);
        }
    }
}
