using Hognose.Formats.Alloc;
using Hognose.Insights.Allocations;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>The tree of calls: one line a place, indented beneath its caller (upside down: beneath what it called).</summary>
public static class CallTreeReport
{
    private const int Indent = 2;
    private const int ShareWidth = 7;
    private const int BytesWidth = 12;
    private const int Step = 2;
    private const int ErrorWidth = 9;
    private const int RoomForNames = 36;
    private const int RoomForNamesBesideErrors = 24;

    public static void Write(IAnsiConsole console, RecordingFacts facts, CallTree tree, RecordingReportOptions options)
    {
        console.WriteLine();
        new ReportHeadline(console).WriteProgram(facts);
        console.WriteLine();
        var view = options.View ?? RecordingView.HighWater;
        if (tree.Top.Blocks == 0)
        {
            console.Write(new StyledLine().Spaces(Indent).Add(RecordingWords.Nothing(view), Palette.Dim));
            return;
        }
        console.Write(new StyledLine().Spaces(Indent).Add(RecordingWords.Heading(view, ReportHeadline.EndLabel(facts), facts.Processes), Palette.Heading).Spaces(2)
            .Add($"{Bytes(tree.Top, Glyphs.For(console))}{(tree.Top.BytesError > 0 ? "" : $" in {Quantities.Count(tree.Top.Blocks, "block")}")}, {(tree.Shape.IsInverted ? "beneath each line its callers" : "beneath each call what it called")}", Palette.Dim));
        SiteSections.WriteModules(console, options);
        var head = new StyledLine().Spaces(Indent).Right("share", ShareWidth, Palette.Dim).Right("bytes", WidthOfBytes(tree), Palette.Dim);
        console.Write((tree.Shape.IsInverted ? head : head.Right("itself", BytesWidth, Palette.Dim)).Spaces(2).Add(RecordingWords.Name(options.Grouping), Palette.Dim));
        new Rows(console, tree, new SiteNaming(options.CurrentDirectory, options.Grouping)).WriteParts(tree.Top, 0);
        WriteCut(console, tree);
        WriteNextSteps(console, tree, options);
    }

    private static int WidthOfBytes(CallTree tree) => BytesWidth + (tree.Top.BytesError > 0 ? ErrorWidth : 0);

    private static string Bytes(CallNode node, Glyphs glyphs) => node.BytesError == 0
        ? Quantities.Bytes(node.Bytes)
        : glyphs.Own($"≈ {Quantities.Bytes(node.Bytes)} ± {100.0 * node.BytesError / Math.Max(1, node.Bytes):0} %");

    private static void WriteCut(IAnsiConsole console, CallTree tree)
    {
        if (tree.CutBranches == 0)
            return;
        console.WriteLine();
        var text = $"Left out: {Quantities.Count(tree.CutBranches, "branch", "branches")} of less than {Quantities.Percent(tree.Shape.SmallestShare)} each; --min-share 0 shows them.";
        console.Write(new StyledLine().Spaces(Indent).Add(Names.CutRight(text, console.Profile.Width - Indent, Glyphs.For(console)), Palette.Dim));
    }

    private static void WriteNextSteps(IAnsiConsole console, CallTree tree, RecordingReportOptions options)
    {
        if (options.Recordings is null)
            return;
        var way = (tree.Shape.IsInverted ? "--tree" : "--tree --invert") + (options.Grouping == SiteGrouping.Line ? "" : $" --by {RecordingWords.Name(options.Grouping)}");
        console.WriteLine();
        NextStep.WriteListed(console, isFirst: true, options.ShowAgain(way));
    }

    private sealed class Rows(IAnsiConsole console, CallTree tree, SiteNaming naming)
    {
        private readonly Glyphs _glyphs = Glyphs.For(console);

        public void WriteParts(CallNode node, int level)
        {
            foreach (var part in node.Parts)
            {
                WriteNode(part, level);
                WriteParts(part, level + 1);
            }
            if (node.OtherParts > 0 && node.OtherBytes >= tree.Top.Bytes * tree.Shape.SmallestShare)
                console.Write(Figures(node.OtherBytes, Quantities.Bytes(node.OtherBytes), 0, level).Add($"{_glyphs.Ellipsis} {Quantities.Count(node.OtherParts, "other")}", Palette.Dim));
        }

        private void WriteNode(CallNode node, int level)
        {
            var line = Figures(node.Bytes, Bytes(node, _glyphs), node.OwnBytes, level);
            var head = node.FramesBetween > 0 ? _glyphs.Ellipsis + " " : "";
            var (function, location) = naming.Of(node.Place, node.Label);
            var room = Math.Max(8, console.Profile.Width - line.Cells - Names.Width(head));
            if (function.Length > 0)
            {
                const int ShortestName = 12;
                function = Names.CutFunction(function, Math.Max(ShortestName, room - Names.Width(location) - 1), _glyphs) + " ";
                room -= Names.Width(function);
            }
            console.Write(line.Add(head, Palette.Dim).Add(function, node.IsOwnCode ? Palette.OwnCode : Style.Plain)
                .Add(Names.CutLeft(location, Math.Max(0, room), _glyphs), node.IsOwnCode && function.Length > 0 ? Style.Plain : Palette.Dim));
        }

        private StyledLine Figures(long bytes, string told, long own, int level)
        {
            var line = new StyledLine().Spaces(Indent).Right(Quantities.Percent(tree.ShareOf(bytes)), ShareWidth).Right(told, WidthOfBytes(tree), Palette.Figure);
            if (!tree.Shape.IsInverted)
                line.Right(own == 0 ? "" : Quantities.Bytes(own), BytesWidth);
            var names = tree.Top.BytesError > 0 ? RoomForNamesBesideErrors : RoomForNames;
            // Names need their room: a deep tree stops moving to the right.
            return line.Spaces(2 + Math.Min(level * Step, Math.Max(0, console.Profile.Width - line.Cells - names) / Step * Step));
        }
    }
}
