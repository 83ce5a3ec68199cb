using Hognose.Formats.Mprof;
using ScottPlot;
using SkiaSharp;

namespace Hognose.Reports.Charts;

/// <summary>The calls of one function, with the time counted from the profile's first moment.</summary>
internal sealed record MarkedFunction(string Label, Color Color, IReadOnlyList<FunctionCall> Calls)
{
    public double Seconds => Calls.Sum(call => call.Seconds);
}

/// <summary>Calls as a bracket where each begins and one where it ends, at the memory of that moment, or as boxes stacked by who called whom.</summary>
internal sealed class FunctionMarks(MarkedFunction function, double start, int levels, bool flame) : IPlottable
{
    private const float BracketHeight = 22; // Pixels, as all lengths here.
    private const float BracketFoot = 7;
    private const float HighestBox = 44;
    private const float TypicalHeight = 440;
    private const float TextSize = 12;
    private const float TextMargin = 5;
    private const float NarrowestBox = 0.75f; // What ran at all is seen.

    /// <summary>How much of the picture's height the boxes take, about: before it is laid out, its height is known only so.</summary>
    public static double ShareOfHeight(int levels) => levels == 0 ? 0 : levels * Math.Min(HighestBox / TypicalHeight, 1.0 / (levels + 1));

    public bool IsVisible { get; set; } = true;

    public IAxes Axes { get; set; } = new Axes();

    public IEnumerable<LegendItem> LegendItems => [];

    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    public void Render(RenderPack rp)
    {
        foreach (var call in function.Calls)
            if (flame)
                DrawBox(rp, call);
            else
                DrawBrackets(rp, call);
    }

    private void DrawBrackets(RenderPack rp, FunctionCall call)
    {
        using var paint = new SKPaint { Color = function.Color.ToSKColor(), IsStroke = true, StrokeWidth = 2, IsAntialias = true };
        foreach (var (moment, foot) in ((MemorySample, float)[])[(call.Start, BracketFoot), (call.End, -BracketFoot)])
        {
            var at = PixelOf(moment);
            if (!rp.DataRect.Contains(new Pixel(at.X, rp.DataRect.Center.Y)))
                continue;
            using var bracket = new SKPath();
            bracket.MoveTo(at.X + foot, at.Y - (BracketHeight / 2));
            bracket.LineTo(at.X, at.Y - (BracketHeight / 2));
            bracket.LineTo(at.X, at.Y + (BracketHeight / 2));
            bracket.LineTo(at.X + foot, at.Y + (BracketHeight / 2));
            rp.Canvas.DrawPath(bracket, paint);
        }
    }

    private void DrawBox(RenderPack rp, FunctionCall call)
    {
        var height = Math.Min(HighestBox, rp.DataRect.Height / (levels + 1));
        var left = Math.Max(rp.DataRect.Left, PixelOf(call.Start).X);
        var right = Math.Min(rp.DataRect.Right, PixelOf(call.End).X);
        if (right < left)
            return;
        var bottom = rp.DataRect.Bottom - ((call.Level ?? 0) * height);
        var box = new SKRect(left, bottom - height, Math.Max(right, left + NarrowestBox), bottom);
        using var fill = new SKPaint { Color = function.Color.WithAlpha(0.55).ToSKColor() };
        using var edge = new SKPaint { Color = function.Color.Darken(0.3).ToSKColor(), IsStroke = true, StrokeWidth = 1, IsAntialias = true };
        rp.Canvas.DrawRect(box, fill);
        rp.Canvas.DrawRect(box, edge);
        DrawName(rp, box);
    }

    private void DrawName(RenderPack rp, SKRect box)
    {
        // The typeface is ScottPlot's, kept for all: not to be disposed of here.
        using var font = new SKFont(Fonts.GetTypeface(ChartFont.For(function.Label), false, false), TextSize);
        if (font.MeasureText(function.Label) > box.Width - (2 * TextMargin) || box.Height < TextSize)
            return;
        using var ink = new SKPaint { Color = ChartColors.Ink.ToSKColor(), IsAntialias = true };
        rp.Canvas.DrawText(function.Label, box.Left + TextMargin, box.MidY + (TextSize * 0.36f), font, ink);
    }

    private Pixel PixelOf(MemorySample moment) => Axes.GetPixel(new Coordinates(moment.Time - start, moment.MebiBytes));
}
