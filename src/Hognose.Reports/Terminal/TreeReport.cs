using Hognose.Diagnostics;
using Hognose.Insights.Heaps;
using Hognose.Insights.Holding;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>What retains what, level by level: one line an object, indented beneath the one that it would be freed with.</summary>
public static class TreeReport
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int Step = 2;
    private const int ShortestName = 16;

    /// <param name="heap">As the user named it: a pid or a file.</param>
    public static void Write(IAnsiConsole console, string heap, HeapFacts facts, RetainedTree tree, DiagnosticBag trouble)
    {
        console.WriteLine();
        WriteHeadline(console, tree);
        ProcessLines.Write(console, facts);
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Tree", Palette.Heading).Spaces(2)
            .Add("beneath each object what would be freed with it", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("retained", BytesWidth, Palette.Dim).Spaces(2)
            .Add("object", Palette.Dim));
        if (tree.Top.Object is not null)
            WriteNode(console, tree, tree.Top, 0);
        else
            WriteParts(console, tree, tree.Top, 0);
        EstimateLines.Write(console, tree.Estimates, tree.Top.HasEstimate);
        TroubleLines.Write(console, facts, trouble);
        WriteNextSteps(console, heap, tree);
    }

    private static void WriteHeadline(IAnsiConsole console, RetainedTree tree)
    {
        var what = tree.Top.Object is { } seen ? $"{ObjectWords.Of(seen)}, {ObjectWords.Address(seen.Address)}: " : "";
        console.Write(new StyledLine().Spaces(Indent).Add($"{what}{Quantities.Bytes(tree.Top.Retained)} held", Palette.Figure)
            .Add(tree.Top.Object is null ? "" : $", {Quantities.Percent(tree.ShareOf(tree.Top.Retained))} of {Quantities.Bytes(tree.HeldBytes)}"));
    }

    private static void WriteNode(IAnsiConsole console, RetainedTree tree, RetainedPart node, int level)
    {
        var glyphs = Glyphs.For(console);
        var line = Figures(tree, node.Retained, node.IsEstimate).Spaces(level * Step);
        var seen = node.Object!;
        var address = $", {ObjectWords.Address(seen.Address)}";
        var reference = glyphs.Own(Names.Printable(node.Reference.Length == 0 ? "(several ways)" : node.Reference));
        var room = Math.Max(ShortestName, console.Profile.Width - line.Cells - address.Length);
        var what = ObjectWords.Of(seen);
        var cut = Names.CutLeft(reference, Math.Max(ShortestName / 2, room - Names.Width(what) - Step), glyphs);
        line.Add(cut, Palette.OwnCode).Spaces(Step);
        console.Write(line.Add(Names.CutMiddle(what, Math.Max(ShortestName / 2, room - Names.Width(cut) - Step), glyphs)).Add(address, Palette.Dim));
        WriteParts(console, tree, node, level + 1);
    }

    private static void WriteParts(IAnsiConsole console, RetainedTree tree, RetainedPart node, int level)
    {
        foreach (var part in node.Parts)
            WriteNode(console, tree, part, level);
        if (node.OtherObjects == 0)
            return;
        var glyphs = Glyphs.For(console);
        var line = Figures(tree, node.OtherBytes).Spaces(level * Step);
        var start = line.Cells;
        foreach (var part in Names.Wrap(glyphs.Own(Others(node)), Math.Max(ShortestName, console.Profile.Width - start)))
        {
            console.Write(line.Add(part, Palette.Dim));
            line = new StyledLine().Spaces(start);
        }
    }

    /// <summary>"… 18,967 other objects: 3,001 _asyncio.Task 17.8 MiB, 2,120 str 1.1 MiB, …".</summary>
    private static string Others(RetainedPart node)
    {
        var types = string.Join(", ", node.OtherTypes.Select(type => $"{Quantities.Count(type.Objects)} {Names.Printable(type.Type)} {Quantities.Bytes(type.Retained)}"));
        var rest = node.OtherTypes.Sum(type => type.Objects) < node.OtherObjects ? ", …" : "";
        return $"… {Quantities.Count(node.OtherObjects, "other object")}: {types}{rest}";
    }

    private static StyledLine Figures(RetainedTree tree, long bytes, bool isEstimate = false) => new StyledLine().Spaces(Indent)
        .Right(Quantities.Percent(tree.ShareOf(bytes)), ShareWidth)
        .Right(Quantities.Bytes(bytes), BytesWidth, Palette.Figure)
        .Add(EstimateLines.MarkOf(isEstimate), Palette.Dim).Spaces(1);

    private static void WriteNextSteps(IAnsiConsole console, string heap, RetainedTree tree)
    {
        console.WriteLine();
        if (Deepest(tree.Top) is { } seen)
        {
            NextStep.Write(console, $"hognose tree {heap} {ObjectWords.Address(seen.Address)}", "on from there");
            NextStep.Write(console, $"hognose refs {heap} {ObjectWords.Address(seen.Address)}", "what refers to it, and what it refers to");
        }
        NextStep.Write(console, $"hognose biggest {heap}", "what keeps the most alive, and who holds it");
    }

    /// <summary>Down along the biggest part each time.</summary>
    private static SeenObject? Deepest(RetainedPart node) => node.Parts.Count == 0 ? node.Object : Deepest(node.Parts[0]);
}
