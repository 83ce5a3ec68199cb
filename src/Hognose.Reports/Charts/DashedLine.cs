using ScottPlot;
using SkiaSharp;

namespace Hognose.Reports.Charts;

/// <summary>
/// A straight dashed line, of one path whose dashes are lines of their own: Skia's path effects make a path of each dash in an SVG, and a line on stderr.
/// Ends that are not finite run to the edges of the data.
/// </summary>
internal sealed class DashedLine(Coordinates from, Coordinates to, Color color, float width, float dash, float gap, string? label = null) : IPlottable
{
    private const int MostDashes = 2_000;

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => label is null ? [] : [new LegendItem { LabelText = label, LineColor = color, LineWidth = width, LinePattern = LinePattern.Solid }];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public static DashedLine Horizontal(double y, Color color) => new(new(double.NegativeInfinity, y), new(double.PositiveInfinity, y), color, 1, 2, 3);

    public static DashedLine Vertical(double x, Color color, string? label = null) => new(new(x, double.NegativeInfinity), new(x, double.PositiveInfinity), color, 1, 2, 3, label);

    public void Render(RenderPack rp)
    {
        var start = Axes.GetPixel(Within(from));
        var end = Axes.GetPixel(Within(to));
        var length = MathF.Sqrt(((end.X - start.X) * (end.X - start.X)) + ((end.Y - start.Y) * (end.Y - start.Y)));
        var step = Math.Max(dash + gap, length / MostDashes);
        using var path = new SKPath();
        for (var at = 0f; at < length; at += step)
        {
            path.MoveTo(Point(at));
            path.LineTo(Point(Math.Min(length, at + dash)));
        }
        using var paint = new SKPaint { Color = color.ToSKColor(), IsStroke = true, StrokeWidth = width, IsAntialias = true };
        rp.Canvas.DrawPath(path, paint);

        SKPoint Point(float at) => new(start.X + ((end.X - start.X) * at / length), start.Y + ((end.Y - start.Y) * at / length));
    }

    private Coordinates Within(Coordinates end) => new(
        double.IsInfinity(end.X) ? Math.Clamp(end.X, Axes.XAxis.Min, Axes.XAxis.Max) : end.X,
        double.IsInfinity(end.Y) ? Math.Clamp(end.Y, Axes.YAxis.Min, Axes.YAxis.Max) : end.Y);
}
