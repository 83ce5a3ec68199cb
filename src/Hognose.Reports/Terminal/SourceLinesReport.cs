using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>A file's source, if it could be read.</summary>
/// <param name="Text">Its lines; empty when it could not be read.</param>
/// <param name="Notice">Why the text is missing or may not fit; empty when all is well.</param>
public sealed record SourceText(IReadOnlyList<string> Text, string Notice);

/// <summary>Source files with what each line allocated, freed, kept and held at the high-water mark beside it.</summary>
public static class SourceLinesReport
{
    private const int Indent = 2;
    private const int LineWidth = 6;
    private const int BytesWidth = 11;
    private const int ErrorWidth = 8;
    private const int Gap = 2;
    private const int Context = 2; // Lines of source around one with figures.

    /// <param name="own">What the figures are of, for the heading.</param>
    /// <param name="whole">Every line of a file; else those with figures and a few around them.</param>
    public static void Write(
        IAnsiConsole console, RecordingFacts facts, IReadOnlyList<SourceUsage> files, Func<string, SourceText> source, string currentDirectory, bool own, bool whole)
    {
        var naming = new SiteNaming(currentDirectory, SiteGrouping.File);
        foreach (var file in files)
        {
            console.WriteLine();
            WriteHeading(console, facts, file, naming, own);
            WriteFile(console, file, source(file.File), whole);
        }
    }

    private static void WriteHeading(IAnsiConsole console, RecordingFacts facts, SourceUsage file, SiteNaming naming, bool own)
    {
        var glyphs = Glyphs.For(console);
        var error = ErrorOf(file.Total);
        var figures = $"{Quantities.Bytes(file.Total.AtPeak)}{(error > 0 ? glyphs.Own($" ± {Quantities.Bytes(error)}") : "")} of {Quantities.Bytes(facts.PeakBytes)} {(facts.Tracemalloc is null ? "at the high-water mark" : "alive when tracemalloc was read")}, {(own ? "allocated by its lines themselves" : "with what its lines call")}{(facts.SampleBytes > 0 ? ", estimated from samples" : "")}";
        var name = Names.CutLeft(naming.LocationOf(new SourceFrame("", file.File, 0, 0)), console.Profile.Width - Indent, glyphs);
        console.Write(new StyledLine().Spaces(Indent).Add(name, Palette.Heading));
        foreach (var line in Names.Wrap(figures, console.Profile.Width - Indent))
            console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Dim));
    }

    private static long ErrorOf(LineUsage usage) => SampleError.Of(RecordingView.HighWater, usage.Variance).Bytes;

    private static void WriteFile(IAnsiConsole console, SourceUsage file, SourceText source, bool whole)
    {
        if (source.Notice.Length > 0)
            foreach (var line in Names.Wrap(Names.Printable(source.Notice), console.Profile.Width - Indent))
                console.Write(new StyledLine().Spaces(Indent).Add(line, Palette.Warning));
        var figures = file.Lines.ToDictionary(line => line.Line);
        var error = file.Lines.Any(line => ErrorOf(line) > 0) ? ErrorWidth : 0;
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Right("line", LineWidth, Palette.Dim).Right("allocated", BytesWidth, Palette.Dim)
            .Right("freed", BytesWidth, Palette.Dim).Right("net", BytesWidth, Palette.Dim).Right("at peak", BytesWidth, Palette.Dim)
            .Spaces(error + Gap).Add("source", Palette.Dim));
        var shown = LinesToShow(figures, source.Text.Count, whole);
        var indent = CommonIndent(source.Text, shown);
        var last = 0;
        foreach (var line in shown)
        {
            if (last > 0 && line > last + 1)
                console.Write(new StyledLine().Spaces(Indent).Right(Glyphs.For(console).Ellipsis, LineWidth, Palette.Dim));
            console.Write(Row(console, line, figures.TryGetValue(line, out var usage) ? usage : null, TextOf(source.Text, line, indent), error));
            last = line;
        }
    }

    private static StyledLine Row(IAnsiConsole console, int number, LineUsage? usage, string text, int errorWidth)
    {
        var line = new StyledLine().Spaces(Indent).Right(number == 0 ? "?" : Quantities.Count(number), LineWidth, Palette.Dim);
        if (usage is null && text.Length == 0)
            return line;
        foreach (var bytes in (long[])[usage?.Allocated ?? 0, usage?.Freed ?? 0, usage?.Net ?? 0])
            line.Right(bytes == 0 ? "" : Quantities.Bytes(bytes), BytesWidth);
        line.Right(usage is { AtPeak: > 0 } held ? Quantities.Bytes(held.AtPeak) : "", BytesWidth, Palette.Figure)
            .Right(usage is { AtPeak: > 0 } estimate && ErrorOf(estimate) is var error and > 0 ? Glyphs.For(console).Own($"± {100.0 * error / estimate.AtPeak:0} %") : "", errorWidth, Palette.Dim).Spaces(Gap);
        return line.Add(Names.CutRight(text, console.Profile.Width - line.Cells, Glyphs.For(console)), usage is null ? Palette.Dim : Style.Plain);
    }

    private static List<int> LinesToShow(Dictionary<int, LineUsage> figures, int lineCount, bool whole)
    {
        var lines = new SortedSet<int>(figures.Keys);
        if (whole)
            lines.UnionWith(Enumerable.Range(1, lineCount));
        else
            foreach (var line in figures.Keys.Where(line => line > 0))
                lines.UnionWith(Enumerable.Range(line - Context, (2 * Context) + 1).Where(near => near >= 1 && near <= lineCount));
        return [.. lines];
    }

    private static int CommonIndent(IReadOnlyList<string> text, List<int> shown) =>
        shown.Where(line => line >= 1 && line <= text.Count && text[line - 1].Trim().Length > 0)
            .Select(line => Expanded(text[line - 1]).TakeWhile(one => one == ' ').Count()).DefaultIfEmpty(0).Min();

    private static string TextOf(IReadOnlyList<string> text, int line, int indent)
    {
        if (line < 1 || line > text.Count)
            return "";
        var expanded = Expanded(text[line - 1]).TrimEnd();
        return Names.Printable(expanded.Length <= indent ? "" : expanded[indent..]);
    }

    private static string Expanded(string line) => line.Replace("\t", "    ", StringComparison.Ordinal);
}
