namespace Hognose.Reports.Charts;

public enum PictureFormat
{
    Png,
    Svg,
    Pdf,
    Jpeg,
    Webp,
    Html,
}
