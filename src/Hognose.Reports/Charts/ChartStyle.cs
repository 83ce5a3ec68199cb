using System.Globalization;
using Hognose.Reports.Terminal;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace Hognose.Reports.Charts;

/// <summary>What all pictures of memory over time have in common.</summary>
internal static class ChartStyle
{
    private const int LongestTitle = 110;
    private const int RoomForFigures = 66; // Pixels.

    /// <param name="title">Of the program; may hold anything.</param>
    public static Plot NewPlot(string title)
    {
        var plot = new Plot();
        plot.FigureBackground.Color = ChartColors.Ground;
        plot.DataBackground.Color = ChartColors.Ground;
        plot.Axes.Color(ChartColors.Ink);
        plot.Axes.FrameColor(ChartColors.Dim);
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Grid.MajorLineColor = ChartColors.Grid;
        foreach (var axis in (IAxis[])[plot.Axes.Bottom, plot.Axes.Left])
        {
            axis.Label.FontSize = 14;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = 12;
            axis.MinorTickStyle.Length = 0;
        }
        plot.Axes.Left.MinimumSize = RoomForFigures;
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = value => value < 0 ? "" : Figure(value) };
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = Figure };
        plot.XLabel("time (s)");
        plot.YLabel("memory (MiB)");
        title = Cut(Names.Printable(title), LongestTitle);
        plot.Title(title, 16);
        plot.Axes.Title.Label.Bold = false;
        plot.Axes.Title.Label.FontName = ChartFont.For(title);
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontSize = 12;
        plot.Legend.FontColor = ChartColors.Ink;
        plot.Legend.BackgroundColor = ChartColors.Ground;
        return plot;
    }

    public static string Cut(string text, int length) => text.Length <= length ? text : text[..(length - 1)] + "…";

    private static string Figure(double value) => Math.Round(value, 9).ToString("#,0.#########", CultureInfo.InvariantCulture);
}
