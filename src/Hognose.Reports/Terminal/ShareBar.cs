namespace Hognose.Reports.Terminal;

/// <summary>A share as a bar, in eighths of a cell where the terminal has them.</summary>
internal static class ShareBar
{
    private const string LeftBlocks = "▏▎▍▌▋▊▉█";

    /// <param name="share">0 to 1.</param>
    /// <param name="cells">The whole.</param>
    /// <param name="glyphs">What the terminal can show.</param>
    public static string Of(double share, int cells, Glyphs glyphs)
    {
        if (!glyphs.IsUnicode)
            return new string('#', Math.Clamp((int)Math.Round(share * cells), share > 0 ? 1 : 0, cells));
        var eighths = Math.Clamp((int)Math.Round(share * cells * 8), share > 0 ? 1 : 0, cells * 8);
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : LeftBlocks[(eighths % 8) - 1]);
    }
}
