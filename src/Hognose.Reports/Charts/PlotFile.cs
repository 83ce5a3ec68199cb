using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using SkiaSharp;

namespace Hognose.Reports.Charts;

/// <summary>A plot as the bytes of a file: 1260 by 540 pixels or points, as mprof's.</summary>
internal static partial class PlotFile
{
    private const int Width = 1260;
    private const int Height = 540;
    private const int PhotoQuality = 92;

    /// <summary>Before any plot is made.</summary>
    public static void Prepare()
    {
        SkiaLibrary.Prepare();
        ChartFont.Install();
    }

    /// <param name="page">A page around the SVG, for <see cref="PictureFormat.Html"/>.</param>
    public static byte[] Bytes(Plot plot, PictureFormat format, Func<string, string> page)
    {
        // ScottPlot draws everything twice the first time, once to find the layout: that goes nowhere.
        using (var nowhere = SKSurface.CreateNull(Width, Height))
            plot.Render(nowhere.Canvas, Width, Height);
        return format switch
        {
            PictureFormat.Svg => Encoding.UTF8.GetBytes(Svg(plot)),
            PictureFormat.Pdf => Pdf(plot),
            PictureFormat.Html => Encoding.UTF8.GetBytes(page(Svg(plot))),
            PictureFormat.Jpeg => Pixels(plot, SKEncodedImageFormat.Jpeg),
            PictureFormat.Webp => Pixels(plot, SKEncodedImageFormat.Webp),
            _ => Pixels(plot, SKEncodedImageFormat.Png),
        };
    }

    private static byte[] Pixels(Plot plot, SKEncodedImageFormat format)
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        plot.Render(surface.Canvas, Width, Height);
        using var image = surface.Snapshot();
        using var data = image.Encode(format, PhotoQuality);
        return data.ToArray();
    }

    // Skia names the font alone, and whoever opens the file may not have it. It counts ids on from picture to picture.
    private static string Svg(Plot plot)
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
            plot.Render(canvas, Width, Height);
        var numbers = new Dictionary<string, int>();
        return SkiaId().Replace(Encoding.UTF8.GetString(stream.ToArray()), id => $"clip{(numbers.TryAdd(id.Value, numbers.Count) ? numbers.Count - 1 : numbers[id.Value])}")
            .Replace($"font-family=\"{ChartFont.Name}\"", $"font-family=\"{ChartFont.Name}, Noto Sans, DejaVu Sans, Helvetica, Arial, sans-serif\"", StringComparison.Ordinal)
            .Replace($"width=\"{Width}\" height=\"{Height}\">\n\t<", $"width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\">\n\t<", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?<=(id=""|\(#))cl_[0-9a-f]+")]
    private static partial Regex SkiaId();

    private static byte[] Pdf(Plot plot)
    {
        using var stream = new MemoryStream();
        using (var document = SKDocument.CreatePdf(stream))
        {
            plot.Render(document.BeginPage(Width, Height), Width, Height);
            document.EndPage();
            document.Close();
        }
        return stream.ToArray();
    }
}
