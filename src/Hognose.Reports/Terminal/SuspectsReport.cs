using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Waste;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The few most likely causes of a program's memory: each a sentence, its evidence, what to do, and the command that shows more.</summary>
public static class SuspectsReport
{
    private const int Indent = 2;
    private const int TextIndent = 5;

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static void Write(IAnsiConsole console, string heap, HeapFacts facts, HeapSuspects suspects, DiagnosticBag trouble)
    {
        var glyphs = Glyphs.For(console);
        console.WriteLine();
        var line = new StyledLine().Spaces(Indent).Add($"{Quantities.Bytes(suspects.HeldBytes)} in objects that are held", Palette.Figure);
        console.Write(facts.Core is null ? line.Add($" {glyphs.Dot} RSS {Quantities.Bytes(facts.Memory.Resident)}") : line);
        ProcessLines.Write(console, facts);
        console.WriteLine();
        if (suspects.Suspects.Count == 0)
            Lines(console, Indent, "Nothing stands out: no object, class or kind of waste is a large part of the heap.", Style.Plain);
        for (var i = 0; i < suspects.Suspects.Count; i++)
            WriteSuspect(console, heap, suspects.Suspects[i], i + 1, glyphs);
        TroubleLines.Write(console, facts, trouble);
        if (suspects.Suspects.Count == 0)
            console.WriteLine();
        NextStep.Write(console, $"hognose biggest {heap}", "what keeps the most alive, and who holds it");
        NextStep.Write(console, $"hognose heap {heap}", "what the heap is made of");
    }

    private static void WriteSuspect(IAnsiConsole console, string heap, Suspect suspect, int number, Glyphs glyphs)
    {
        var isFirst = true;
        foreach (var part in Names.Wrap(glyphs.Own(SuspectWords.Claim(suspect)), console.Profile.Width - TextIndent))
        {
            var line = new StyledLine().Spaces(Indent);
            line.Left(isFirst ? string.Create(CultureInfo.InvariantCulture, $"{number}.") : "", TextIndent - Indent, Palette.Figure);
            console.Write(line.Add(part, Palette.Heading));
            isFirst = false;
        }
        if (suspect.Example is { } example)
            Lines(console, TextIndent, glyphs.Own($"{ObjectWords.Address(example.Address)}: {Names.Printable(suspect.HeldBy)}"), Palette.OwnCode);
        if (suspect.PartOf > 0)
            Lines(console, TextIndent, string.Create(CultureInfo.InvariantCulture, $"part of what no. {suspect.PartOf} keeps"), Palette.Dim);
        WriteAdvice(console, heap, suspect);
        foreach (var part in suspect.Parts)
        {
            Lines(console, TextIndent, glyphs.Own($"of it: {SuspectWords.Claim(part)}"), Style.Plain);
            if (part is { Kind: SuspectKind.BigObject, Example: { } one })
                Lines(console, TextIndent, glyphs.Own($"{ObjectWords.Address(one.Address)}: {Names.Printable(part.HeldBy)}"), Palette.OwnCode);
            WriteAdvice(console, heap, part);
        }
        console.WriteLine();
    }

    private static void WriteAdvice(IAnsiConsole console, string heap, Suspect suspect)
    {
        Lines(console, TextIndent, SuspectWords.Advice(suspect), Palette.Dim);
        console.Write(new StyledLine().Spaces(TextIndent).Add(SuspectWords.Command(heap, suspect), Palette.Command));
    }

    private static void Lines(IAnsiConsole console, int indent, string text, Style style)
    {
        foreach (var part in Names.Wrap(text, Math.Max(20, console.Profile.Width - indent)))
            console.Write(new StyledLine().Spaces(indent).Add(part, style));
    }
}
