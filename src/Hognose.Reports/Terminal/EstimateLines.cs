using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The mark of what is known by an estimate only, and what it means.</summary>
internal static class EstimateLines
{
    public const string Mark = "~";
    private const int Indent = 2;

    /// <summary>In the place of a space.</summary>
    public static string MarkOf(bool isEstimate) => isEstimate ? Mark : " ";

    /// <param name="console">To draw on.</param>
    /// <param name="estimates">Of the whole heap.</param>
    /// <param name="isShown">A row above is marked; else there is nothing to explain.</param>
    public static void Write(IAnsiConsole console, HeapEstimates estimates, bool isShown)
    {
        if (!isShown)
            return;
        var text = $"{Mark} an estimate. In this heap {Quantities.Count(estimates.Types, "C type")} that hognose does not know, with {Quantities.Count(estimates.Objects, "object")} of "
            + $"{Quantities.Bytes(estimates.Bytes)} at least (the size that the type declares), and {Quantities.Count(estimates.References, "reference")} found by a scan of memory for addresses of objects.";
        foreach (var line in Names.Wrap(text, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
    }
}
