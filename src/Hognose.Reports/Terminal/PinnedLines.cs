using Hognose.Insights.Resident;
using Spectre.Console;

namespace Hognose.Reports.Terminal;

/// <summary>Objects that keep arenas which are nearly empty: two lines each, what they are and who holds them.</summary>
internal static class PinnedLines
{
    private const int Indent = 2;
    private const int CountWidth = 10;

    public static void Write(IAnsiConsole console, PinnedArenas pinned, int most)
    {
        if (pinned.Arenas == 0)
            return;
        console.WriteLine();
        console.Write(new StyledLine().Spaces(Indent).Add("Nearly empty arenas", Palette.Heading).Spaces(2).Add(
            $"{Quantities.Count(pinned.Objects, "object")} keep {Quantities.Count(pinned.Arenas, "arena")}: {Quantities.Bytes(pinned.Resident)} would come back", Palette.Dim));
        console.Write(new StyledLine().Spaces(Indent).Right("arenas", CountWidth, Palette.Dim).Right(pinned.IsSampled ? "objects ~" : "objects", CountWidth, Palette.Dim)
            .Spaces(2).Add("type, and who holds them", Palette.Dim));
        var glyphs = Glyphs.For(console);
        foreach (var each in pinned.By.Take(most))
        {
            var line = new StyledLine().Spaces(Indent).Right(Quantities.Count(each.Arenas), CountWidth).Right(Quantities.Count(each.Objects), CountWidth, Palette.Figure).Spaces(2);
            var room = Math.Max(20, console.Profile.Width - line.Cells);
            var left = line.Cells;
            console.Write(line.Add(Names.CutMiddle(Names.Printable(each.Type), room, glyphs)));
            foreach (var part in Names.Wrap(glyphs.Own(Names.Printable(each.HeldBy)), room))
                console.Write(new StyledLine().Spaces(left).Add(part, Palette.OwnCode));
        }
    }
}
