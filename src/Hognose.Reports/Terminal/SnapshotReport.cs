using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What was kept, and where.</summary>
public static class SnapshotReport
{
    private const int Indent = 2;

    /// <param name="console">Written to.</param>
    /// <param name="facts">Of the process.</param>
    /// <param name="path">Of the file.</param>
    /// <param name="length">Bytes of the file; 0 where that can't be told (a pipe).</param>
    /// <param name="objects">In the file.</param>
    /// <param name="trouble">What could not be read.</param>
    public static void Write(IAnsiConsole console, HeapFacts facts, string path, long length, long objects, DiagnosticBag trouble)
    {
        var glyphs = Glyphs.For(console);
        var each = length == 0 || objects == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {Quantities.Bytes(length)}, {(double)length / objects:0.0} bytes an object");
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent)
            .Add(glyphs.Own(Names.Printable(path)), Palette.Figure).Add($"  {Quantities.Count(objects, "object")}{each}"));
        ProcessLines.Write(console, facts);
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        NextStep.Write(console, $"hognose biggest {path}", "what keeps the most alive, and who holds it");
        NextStep.Write(console, $"hognose cycles {path}", "what a collection would free");
    }
}
