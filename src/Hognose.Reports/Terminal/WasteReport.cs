using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Waste;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Memory spent for nothing: two lines each, what it is and where an example of it stands.</summary>
public static class WasteReport
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int ExampleIndent = Indent + ShareWidth + BytesWidth + 3;
    private const string EstimateMark = "~";

    /// <param name="heap">As the user named it: a pid or a file.</param>
    /// <param name="most">Findings listed.</param>
    public static void Write(IAnsiConsole console, string heap, HeapFacts facts, HeapWaste waste, int most, DiagnosticBag trouble)
    {
        var shown = waste.Findings.Take(most).ToList();
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add($"{Quantities.Bytes(waste.Saved)} could be saved", Palette.Figure)
            .Add($", {Quantities.Percent(waste.ShareOf(waste.Saved))} of {Quantities.Bytes(waste.HeldBytes)} held"));
        ProcessLines.Write(console, facts);
        console.WriteLine();
        var extent = shown.Count == waste.Findings.Count ? $"all {Quantities.Count(shown.Count)}" : $"{Quantities.Count(shown.Count)} of {Quantities.Count(waste.Findings.Count)}";
        console.Write(new StyledLine().Spaces(Indent).Add("Waste", Palette.Heading).Spaces(2).Add($"by what it would save; {extent}", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("saves", BytesWidth, Palette.Dim).Spaces(3)
            .Add("what, and an example held as most are", Palette.Dim));
        foreach (var finding in shown)
            WriteFinding(console, waste, finding);
        if (shown.Any(finding => finding.IsEstimate))
            console.Write(new StyledLine().Spaces(Indent).Add($"{EstimateMark} an estimate: by a sample, or by how the program would be changed", Palette.Dim));
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        if (shown.Count > 0)
            NextStep.Write(console, $"hognose why {heap} {ObjectWords.Address(shown[0].Example.Address)}", "every way to the first example");
        if (shown.Count < waste.Findings.Count)
            NextStep.Write(console, $"hognose waste {heap} --all", "every finding");
        NextStep.Write(console, $"hognose biggest {heap}", "what keeps the most alive, and who holds it");
    }

    private static void WriteFinding(IAnsiConsole console, HeapWaste waste, WasteFinding finding)
    {
        var glyphs = Glyphs.For(console);
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Percent(waste.ShareOf(finding.Saved)), ShareWidth)
            .Right(Quantities.Bytes(finding.Saved), BytesWidth, Palette.Figure)
            .Add(finding.IsEstimate ? EstimateMark : " ", Palette.Dim).Spaces(2);
        var what = $"{Quantities.Count(finding.Objects)} {Names.Printable(finding.Type)}";
        console.Write(line.Add(what).Add($": {SuspectWords.Waste(finding.Kind)}", Palette.Dim));
        var copies = finding.ExampleObjects > 1 ? $"{Quantities.Count(finding.ExampleObjects)} like " : "";
        var example = $"{copies}{ObjectWords.Of(finding.Example)}, {ObjectWords.Address(finding.Example.Address)}, save {Quantities.Bytes(finding.ExampleSaved)}";
        Write(console, glyphs.Own(example), Palette.Dim);
        Write(console, glyphs.Own(Names.Printable(finding.HeldBy)), Palette.OwnCode);
    }

    private static void Write(IAnsiConsole console, string text, Style style)
    {
        foreach (var part in Names.Wrap(text, Math.Max(20, console.Profile.Width - ExampleIndent)))
            console.Write(new StyledLine().Spaces(ExampleIndent).Add(part, style));
    }
}
