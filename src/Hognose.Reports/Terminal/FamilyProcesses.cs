using System.Globalization;
using Hognose.Insights.Families;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The processes, each beneath the one that started it.</summary>
internal sealed class FamilyProcesses(IAnsiConsole console)
{
    private const int FewestShown = 20;
    private const int Step = 2;

    /// <summary>Levels that are indented; deeper ones stand below them.</summary>
    private const int DeepestShown = 8;

    private readonly Glyphs _glyphs = Glyphs.For(console);

    public void Write(RecordedFamily family, int sites)
    {
        var most = Math.Max(FewestShown, sites);
        var largest = family.Processes.Select((process, index) => (process.Facts.PeakBytes, index)).OrderByDescending(pair => pair.PeakBytes).ThenBy(pair => pair.index).Take(most).Select(pair => pair.index).ToHashSet();
        var shown = family.Processes.Where((_, index) => largest.Contains(index)).ToList();
        console.WriteLine();
        console.Write(new StyledLine().Spaces(2).Add("Processes", Palette.Heading).Spaces(2).Add("each beneath the one that started it", Palette.Dim));
        string[] heads = ["high water", "at its end", "allocations", "began", "lasted", "exit"];
        var rows = shown.ConvertAll<string[]>(process =>
        [
            Bytes(process, process.Facts.PeakBytes), Bytes(process, process.Facts.EndBytes), Quantities.Count(process.Facts.Allocations),
            _glyphs.Own(Quantities.Seconds(process.BeganNanoseconds)), _glyphs.Own(Quantities.Seconds(process.Facts.DurationNanoseconds)), EndingWords.Short(process.Facts),
        ]);
        var widths = heads.Select((head, column) => rows.Select(row => row[column].Length).Append(head.Length).Max()).ToArray();
        console.Write(Row(heads, widths, "process", Palette.Dim));
        for (var i = 0; i < shown.Count; i++)
            console.Write(Row(rows[i], widths, new string(' ', Step * Math.Min(DeepestShown, shown[i].Depth))
                + string.Create(CultureInfo.InvariantCulture, $"{shown[i].Facts.ProcessId} {FamilyWords.Of(shown[i])}"), Style.Plain));
        if (family.Processes.Count > shown.Count)
            console.Write(new StyledLine().Spaces(2).Add($"and {Quantities.Count(family.Processes.Count - shown.Count)} smaller ones; --json has all", Palette.Dim));
    }

    private string Bytes(RecordedProcess process, long bytes) => process.Facts.SampleBytes > 0 ? _glyphs.Own($"≈ {Quantities.Bytes(bytes)}") : Quantities.Bytes(bytes);

    private StyledLine Row(string[] cells, int[] widths, string process, Style style)
    {
        var line = new StyledLine().Spaces(2);
        for (var i = 0; i < cells.Length; i++)
            line.Right(cells[i], widths[i], style).Spaces(2);
        return line.Add(Names.CutRight(process, Math.Max(10, console.Profile.Width - line.Cells), _glyphs), style);
    }
}
