using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Objects that C code holds, by type; and apart from them, what the counts cannot tell.</summary>
public static class AuditReport
{
    private const int Indent = 2;
    private const int BytesWidth = 12;
    private const int CountWidth = 12;
    private const int Gap = 2;
    private const int ShortestType = 12;

    /// <param name="heap">As the user named it: a pid or a file.</param>
    /// <param name="most">Types listed.</param>
    public static void Write(IAnsiConsole console, string heap, HeapFacts facts, ReferenceAudit audit, int most, DiagnosticBag trouble)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent)
            .Add($"C code holds {Quantities.Count(audit.Objects, "object")}", Palette.Figure)
            .Add($", {Quantities.Count(audit.Alone)} of them alone; {Quantities.Bytes(audit.Retained)} retained"));
        ProcessLines.Write(console, facts);
        console.WriteLine();
        WriteTable(console, audit, most);
        WriteOpen(console, audit);
        TroubleLines.Write(console, facts, trouble);
        console.WriteLine();
        if (audit.Types.Count > 0)
        {
            NextStep.Write(console, $"hognose refs {heap} {ObjectWords.Address(audit.Types[0].Example)}", "what refers to one of the first");
            NextStep.Write(console, $"hognose tree {heap} {ObjectWords.Address(audit.Types[0].Example)}", "what it keeps alive");
        }
        if (most < audit.Types.Count)
            NextStep.Write(console, $"hognose audit {heap} --all", "every type");
    }

    private static void WriteTable(IAnsiConsole console, ReferenceAudit audit, int most)
    {
        var shown = audit.Types.Take(most).ToList();
        var extent = Quantities.Extent(shown.Count, audit.Types.Count, "type");
        console.Write(new StyledLine().Spaces(Indent).Add("Held by C code", Palette.Heading).Spaces(Gap)
            .Add($"references that nothing else explains; {extent}", Palette.Dim));
        if (shown.Count == 0)
            return;
        console.Write(new StyledLine().Right("retained", Indent + BytesWidth, Palette.Dim).Right("objects", CountWidth, Palette.Dim)
            .Right("alone", CountWidth, Palette.Dim).Right("references", CountWidth, Palette.Dim).Spaces(Gap).Add("type, and one of them", Palette.Dim));
        foreach (var type in shown)
            console.Write(Row(console, type));
        console.Write(new StyledLine().Spaces(Indent).Add("alone: no Python object refers to them", Palette.Dim));
    }

    private static StyledLine Row(IAnsiConsole console, HeldByCode type)
    {
        var line = new StyledLine()
            .Right(Quantities.Bytes(type.Retained), Indent + BytesWidth, Palette.Figure)
            .Right(Quantities.Count(type.Objects), CountWidth)
            .Right(Quantities.Count(type.Alone), CountWidth)
            .Right(Quantities.Count(type.References), CountWidth)
            .Spaces(Gap);
        var address = $", {ObjectWords.Address(type.Example)}";
        var room = Math.Max(ShortestType, console.Profile.Width - line.Cells - address.Length);
        return line.Add(Names.CutMiddle(Names.Printable(type.Type), room, Glyphs.For(console))).Add(address, Palette.Dim);
    }

    private static void WriteOpen(IAnsiConsole console, ReferenceAudit audit)
    {
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("The rest", Palette.Heading));
        Line(audit.Explained, "explained to the last reference");
        Line(audit.Open.Interpreter, "likely held by the interpreter: its structs lead to them");
        Line(audit.Open.Static, "part of a binary, whose code refers to them");
        Line(audit.Open.Interned, "not known: interned strings, counted without their table");
        Line(audit.Open.Immortal, "not known: immortal, not counted");
        Line(audit.Open.Borrowed, "fewer counted than found: borrowed references");

        void Line(long objects, string what)
        {
            if (objects > 0)
                console.Write(new StyledLine().Spaces(Indent).Right(Quantities.Count(objects), CountWidth).Spaces(Gap).Add(what, Palette.Dim));
        }
    }
}
