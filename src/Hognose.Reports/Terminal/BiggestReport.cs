using System.Globalization;
using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The objects that keep the most alive: two lines each, what it is and who holds it.</summary>
public static class BiggestReport
{
    private const int Indent = 2;
    private const int ShareWidth = 7;

    /// <summary>Of less than this it is not single objects that keep the heap.</summary>
    private const double FewTogether = 0.5;
    private const int BytesWidth = 12;
    private const int HolderIndent = Indent + ShareWidth + BytesWidth + 2;

    public static void Write(IAnsiConsole console, HeapFacts facts, BiggestObjects biggest, DiagnosticBag trouble)
    {
        var glyphs = Glyphs.For(console);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"{Quantities.Count(biggest.ReachedObjects, "object")}, {Quantities.Bytes(biggest.ReachedBytes)} held", Palette.Figure)
            .Add(facts.Core is null ? $" {glyphs.Dot} RSS {Quantities.Bytes(facts.Memory.Resident)}" : ""));
        ProcessLines.Write(console, facts);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Biggest", Palette.Heading).Spaces(2)
            .Add("by retained size: what would be freed with the object", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("retained", BytesWidth, Palette.Dim).Spaces(2)
            .Add("object, and who holds it", Palette.Dim));
        foreach (var each in biggest.Objects)
            WriteObject(console, biggest, each, glyphs);
        EstimateLines.Write(console, biggest.Estimates, biggest.Objects.Any(each => each.IsEstimate));
        WriteGarbage(console, biggest);
        TroubleLines.Write(console, facts, trouble);
        WriteNextSteps(console, facts, biggest);
    }

    private static void WriteObject(IAnsiConsole console, BiggestObjects biggest, BigObject each, Glyphs glyphs)
    {
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Percent(biggest.ShareOf(each.Retained)), ShareWidth)
            .Right(Quantities.Bytes(each.Retained), BytesWidth, Palette.Figure)
            .Add(EstimateLines.MarkOf(each.IsEstimate), Palette.Dim).Spaces(1);
        var what = Names.Printable(each.OwnName.Length == 0 ? each.Type : $"{each.Type} {each.OwnName}");
        var length = each.Length < 0 ? "" : $" of {Quantities.Count(each.Length)}";
        var rest = string.Create(CultureInfo.InvariantCulture, $"{length}, {Quantities.Count(each.RetainedObjects, "object")}, 0x{each.Address:x}");
        console.Write(line.Add(Names.CutMiddle(what, Math.Max(12, console.Profile.Width - HolderIndent - rest.Length), glyphs)).Add(rest, Palette.Dim));
        foreach (var part in Names.Wrap(glyphs.Own(Names.Printable(each.HeldBy)), Math.Max(20, console.Profile.Width - HolderIndent)))
            console.Write(new StyledLine().Spaces(HolderIndent).Add(part, Palette.OwnCode));
    }

    private static void WriteGarbage(IAnsiConsole console, BiggestObjects biggest)
    {
        if (biggest.GarbageObjects == 0 && biggest.KeptGarbage.Count == 0)
            return;
        console.WriteLine();
        if (biggest.GarbageObjects > 0)
            Write(biggest.GarbageObjects, biggest.GarbageBytes, "a collection would free them");
        foreach (var kept in biggest.KeptGarbage)
            Write(kept.Objects, kept.Bytes, GarbageWords.Remedy(kept));

        void Write(long objects, long bytes, string remedy)
        {
            foreach (var part in Names.Wrap($"Nothing holds another {Quantities.Count(objects, "object")} of {Quantities.Bytes(bytes)}: {remedy}.", Math.Max(20, console.Profile.Width - Indent)))
                console.Write(new StyledLine().Spaces(Indent).Add(part, Palette.Dim));
        }
    }

    private static void WriteNextSteps(IAnsiConsole console, HeapFacts facts, BiggestObjects biggest)
    {
        console.WriteLine();
        var together = biggest.ShareOf(biggest.Objects.Sum(each => each.Retained));
        if (together < FewTogether)
            NextStep.Write(console, $"hognose suspects {facts.Subject}", $"what the rest is: these keep {Quantities.Percent(together)} together");
        if (biggest.Objects.Count > 0)
            NextStep.Write(console, $"hognose why {facts.Subject} 0x{biggest.Objects[0].Address:x}", "every way to the first");
        NextStep.Write(console, $"hognose heap {facts.Subject}", "what the heap is made of");
    }
}
