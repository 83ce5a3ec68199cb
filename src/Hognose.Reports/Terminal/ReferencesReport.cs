using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What refers to an object and what it refers to: two tables, each with the name of the reference.</summary>
public static class ReferencesReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int Gap = 2;
    private const int WidestName = 30;
    private const int ShortestObject = 16;

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static void Write(IAnsiConsole console, string heap, HeapFacts facts, ReferencesOfObject references, DiagnosticBag trouble)
    {
        var seen = references.Object;
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add($"{ObjectWords.Of(seen)}, {ObjectWords.Address(seen.Address)}", Palette.Figure)
            .Add($": {Quantities.Bytes(seen.Shallow)} of its own, {Quantities.Bytes(seen.Retained)} retained"));
        ProcessLines.Write(console, facts);
        WriteTable(console, "Referred to by", references.Referrers);
        WriteOutside(console, references);
        WriteTable(console, "Refers to", references.Referents);
        EstimateLines.Write(console, references.Estimates, references.Referrers.Shown.Concat(references.Referents.Shown).Any(each => each.IsEstimate || each.Other.IsEstimate));
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        NextStep.Write(console, $"hognose why {heap} {ObjectWords.Address(seen.Address)}", "the ways to it from modules and variables");
        NextStep.Write(console, $"hognose tree {heap} {ObjectWords.Address(seen.Address)}", "what would be freed with it");
    }

    private static void WriteTable(IAnsiConsole console, string heading, ReferenceList list)
    {
        console.WriteLine();
        var extent = list.Objects == 0 ? "nothing" : $"{Quantities.Count(list.Objects, "object")}, {Quantities.Bytes(list.Shallow)} of their own";
        console.Write(new StyledLine().Spaces(Indent).Add(heading, Palette.Heading).Spaces(Gap).Add(extent, Palette.Dim));
        if (list.Objects == 0)
            return;
        var glyphs = Glyphs.For(console);
        var names = list.Shown.Select(each => NameOf(each, glyphs)).ToList();
        var width = Math.Min(WidestName, names.Select(Names.Width).Append("name".Length).Max());
        console.Write(new StyledLine().Spaces(Indent).Right("bytes", BytesWidth, Palette.Dim).Right("retained", BytesWidth, Palette.Dim).Spaces(Gap)
            .Left("name", width, Palette.Dim).Spaces(Gap).Add("object", Palette.Dim));
        foreach (var (each, name) in list.Shown.Zip(names))
            console.Write(Row(console, each, Names.CutMiddle(name, width, glyphs), width));
        if (list.Left > 0)
            console.Write(new StyledLine().Spaces(Indent).Add(glyphs.Own($"… {Quantities.Count(list.Left)} more"), Palette.Dim));
    }

    private static string NameOf(NamedReference reference, Glyphs glyphs) =>
        glyphs.Own(Names.Printable(reference.Name) + (reference.Times > 1 ? $" ×{Quantities.Count(reference.Times)}" : ""));

    private static StyledLine Row(IAnsiConsole console, NamedReference reference, string name, int width)
    {
        var line = new StyledLine().Spaces(Indent)
            .Right(Quantities.Bytes(reference.Other.Shallow), BytesWidth).Add(EstimateLines.MarkOf(reference.Other.IsEstimate), Palette.Dim)
            .Right(Quantities.Bytes(reference.Other.Retained), BytesWidth - 1, Palette.Figure)
            .Spaces(Gap - 1).Add(EstimateLines.MarkOf(reference.IsEstimate), Palette.Dim).Left(name, width, reference.IsWeak ? Palette.Dim : Palette.OwnCode).Spaces(Gap);
        var address = $", {ObjectWords.Address(reference.Other.Address)}";
        var room = Math.Max(ShortestObject, console.Profile.Width - line.Cells - address.Length);
        return line.Add(Names.CutMiddle(ObjectWords.Of(reference.Other), room, Glyphs.For(console))).Add(address, Palette.Dim);
    }

    private static void WriteOutside(IAnsiConsole console, ReferencesOfObject references)
    {
        if (references.Referrers.Shown.Any(each => each.IsWeak))
            console.Write(new StyledLine().Spaces(Indent).Add("weak: holds nothing", Palette.Dim));
        if (references.FromOutside is > 0 and var outside)
            console.Write(new StyledLine().Spaces(Indent)
                .Add($"{Quantities.Count(outside, "reference")} more from running functions, the interpreter or C code", Palette.Dim));
    }
}
